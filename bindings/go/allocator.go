// SPDX-License-Identifier: Apache-2.0 OR MIT

package wrtmem

// #include "native.h"
import "C"

import (
	"runtime/cgo"
	"unsafe"
)

// A panic must not cross into C: it ends here, as a refusal.

//export wrtGoAllocate
func wrtGoAllocate(context unsafe.Pointer, size, alignment C.size_t) (block unsafe.Pointer) {
	defer func() {
		if recover() != nil {
			block = nil
		}
	}()
	return allocatorOf(context).Allocate(uintptr(size), uintptr(alignment))
}

//export wrtGoDeallocate
func wrtGoDeallocate(context, block unsafe.Pointer, size, alignment C.size_t) {
	defer func() { _ = recover() }()
	allocatorOf(context).Deallocate(block, uintptr(size), uintptr(alignment))
}

func allocatorOf(context unsafe.Pointer) Allocator {
	return cgo.Handle(uintptr(context)).Value().(Allocator)
}

// CHeap is the C library's heap as an Allocator.
type CHeap struct{}

// Allocate is aligned_alloc.
func (CHeap) Allocate(size, alignment uintptr) unsafe.Pointer {
	whole := (size + alignment - 1) / alignment * alignment
	return C.aligned_alloc(C.size_t(alignment), C.size_t(whole))
}

// Deallocate is free.
func (CHeap) Deallocate(block unsafe.Pointer, _, _ uintptr) { C.free(block) }
