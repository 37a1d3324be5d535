// SPDX-License-Identifier: Apache-2.0 OR MIT

// Package wrtmem is the linear memory of WebAssembly hosts from Go: bytes that are checked at every access, from the
// operating system, an allocator or fixed slots. A refusal of the library is an error of type Status; nothing that is
// done wrong with a Memory, closing it twice included, is more than that.
package wrtmem

// #cgo pkg-config: wrtmem
// #include "native.h"
import "C"

import (
	"runtime/cgo"
	"sync"
	"unsafe"
)

// Status is why the library refused a call: a number of its C ABI.
type Status int32

// What the examples and tests compare with; wrtmem.h has the rest.
const (
	InvalidArgument Status = C.WRT_ERR_INVALID_ARGUMENT
	InvalidHandle   Status = C.WRT_ERR_INVALID_HANDLE
	OutOfBounds     Status = C.WRT_ERR_OUT_OF_BOUNDS
	Misaligned      Status = C.WRT_ERR_MISALIGNED
	Limit           Status = C.WRT_ERR_LIMIT
	OutOfMemory     Status = C.WRT_ERR_OUT_OF_MEMORY
)

// Error is the identifier and the sentence of the library.
func (s Status) Error() string {
	number := C.wrt_status(s)
	return C.GoString(C.wrt_status_name(number)) + ": " + C.GoString(C.wrt_status_message(number))
}

func failure(status C.wrt_status) error {
	if status == C.WRT_OK {
		return nil
	}
	return Status(status)
}

// Allocator gives blocks for the ALLOC tier. They must not be Go's own memory, since the library keeps them. One that
// panics or gives nil refuses: OutOfMemory.
type Allocator interface {
	Allocate(size, alignment uintptr) unsafe.Pointer
	Deallocate(block unsafe.Pointer, size, alignment uintptr)
}

// Config is how a memory is made; what is zero is the library's default.
type Config struct {
	Tier                        string // "std", "alloc", "static", or "" for the first that the build has
	InitialLen, MaxLen, PageLen uint64 // in bytes
	Allocator                   Allocator
}

// Memory is a linear memory. Any goroutine may use it; calls wait for one another.
type Memory struct {
	lock      sync.Mutex
	handle    C.uintptr_t
	allocator cgo.Handle
}

func tierNumber(name string) (C.int32_t, error) {
	if name == "" {
		return C.WRT_TIER_DEFAULT, nil
	}
	for tier := C.int32_t(C.WRT_TIER_STD); tier <= C.WRT_TIER_STATIC; tier++ {
		if C.GoString(C.wrt_tier_name(tier)) == name {
			return tier, nil
		}
	}
	return 0, InvalidArgument
}

// New makes a memory, which Close gives back.
func New(config Config) (*Memory, error) {
	tier, err := tierNumber(config.Tier)
	if err != nil {
		return nil, err
	}
	m := &Memory{}
	if config.Allocator != nil {
		m.allocator = cgo.NewHandle(config.Allocator)
	}
	status := C.native_create(tier, C.uint64_t(config.InitialLen), C.uint64_t(config.MaxLen),
		C.uint64_t(config.PageLen), C.uintptr_t(m.allocator), &m.handle)
	if status != C.WRT_OK {
		m.dropAllocator()
		return nil, failure(status)
	}
	return m, nil
}

func (m *Memory) dropAllocator() {
	if m.allocator != 0 {
		m.allocator.Delete()
		m.allocator = 0
	}
}

// Close ends the memory. Each call after that, a second Close too, is InvalidHandle.
func (m *Memory) Close() error {
	m.lock.Lock()
	defer m.lock.Unlock()
	err := failure(C.native_destroy(m.handle))
	if err == nil {
		m.dropAllocator()
	}
	return err
}

// Len is the length in bytes.
func (m *Memory) Len() (uint64, error) {
	m.lock.Lock()
	defer m.lock.Unlock()
	var n C.uint64_t
	err := failure(C.native_len(m.handle, &n))
	return uint64(n), err
}

// Check says whether n bytes at offset are inside.
func (m *Memory) Check(offset, n uint64) error {
	m.lock.Lock()
	defer m.lock.Unlock()
	return failure(C.native_check(m.handle, C.uint64_t(offset), C.uint64_t(n)))
}

// Read copies bytes at offset to all of to.
func (m *Memory) Read(offset uint64, to []byte) error {
	m.lock.Lock()
	defer m.lock.Unlock()
	return failure(C.native_read(m.handle, C.uint64_t(offset), start(to), C.size_t(len(to))))
}

// Write copies all of from to offset.
func (m *Memory) Write(offset uint64, from []byte) error {
	m.lock.Lock()
	defer m.lock.Unlock()
	return failure(C.native_write(m.handle, C.uint64_t(offset), start(from), C.size_t(len(from))))
}

func start(bytes []byte) unsafe.Pointer {
	if len(bytes) == 0 {
		return nil
	}
	return unsafe.Pointer(&bytes[0])
}

// Fill sets n bytes at offset to value.
func (m *Memory) Fill(offset uint64, value byte, n uint64) error {
	m.lock.Lock()
	defer m.lock.Unlock()
	return failure(C.native_fill(m.handle, C.uint64_t(offset), C.uint8_t(value), C.uint64_t(n)))
}

// Resize sets the length in bytes.
func (m *Memory) Resize(length uint64) error {
	m.lock.Lock()
	defer m.lock.Unlock()
	return failure(C.native_resize(m.handle, C.uint64_t(length)))
}

// Grow adds pages and gives how many there were.
func (m *Memory) Grow(pages uint64) (uint64, error) {
	m.lock.Lock()
	defer m.lock.Unlock()
	var before C.uint64_t
	err := failure(C.native_grow(m.handle, C.uint64_t(pages), &before))
	return uint64(before), err
}

// Tier is the name of the tier that the bytes come from.
func (m *Memory) Tier() string {
	m.lock.Lock()
	defer m.lock.Unlock()
	return C.GoString(C.wrt_tier_name(C.native_tier(m.handle)))
}

// Version is the library's, and the cheapest call that there is.
func Version() uint32 { return uint32(C.wrt_version()) }
