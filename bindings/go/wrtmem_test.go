// SPDX-License-Identifier: Apache-2.0 OR MIT

package wrtmem

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"testing"
	"unsafe"
)

type row struct {
	Tier   string `json:"tier"`
	What   string `json:"what"`
	Result string `json:"result"`
}

var rows []row

func TestMain(m *testing.M) {
	code := m.Run()
	if folder := os.Getenv("WRT_LANGUAGES"); folder != "" && code == 0 {
		text, _ := json.MarshalIndent(rows, "", "  ")
		if os.WriteFile(filepath.Join(folder, "go.json"), append(text, '\n'), 0o644) != nil {
			code = 1
		}
	}
	os.Exit(code)
}

// everyTier runs a test on each tier, and notes that it passed.
func everyTier(t *testing.T, what string, test func(t *testing.T, m *Memory)) {
	for _, tier := range []string{"std", "alloc", "static"} {
		t.Run(tier, func(t *testing.T) {
			m, err := New(Config{Tier: tier, InitialLen: 100, MaxLen: 4096})
			if err != nil {
				t.Fatal(err)
			}
			defer m.Close()
			test(t, m)
			note(t, tier, what)
		})
	}
}

func note(t *testing.T, tier, what string) {
	if !t.Failed() {
		rows = append(rows, row{tier, what, "passed"})
	}
}

func wants(t *testing.T, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestAMemoryIsMadeWrittenReadAndGrownOnATierNamedAtRunTime(t *testing.T) {
	everyTier(t, "make, write, read, grow", func(t *testing.T, m *Memory) {
		got := make([]byte, 5)
		wants(t, m.Write(95, []byte("hello")), nil)
		wants(t, m.Read(95, got), nil)
		if string(got) != "hello" {
			t.Errorf("got %q", got)
		}
		before, err := m.Grow(28)
		if before != 100 || err != nil {
			t.Errorf("grew from %d: %v", before, err)
		}
		wants(t, m.Fill(100, 7, 28), nil)
		wants(t, m.Read(127, got[:1]), nil)
		if length, _ := m.Len(); length != 128 || got[0] != 7 {
			t.Errorf("length %d, byte %d", length, got[0])
		}
		_, err = m.Grow(1 << 40)
		wants(t, err, Limit)
	})
}

func TestAMemoryIsOnTheTierThatWasNamed(t *testing.T) {
	for _, tier := range []string{"std", "alloc", "static"} {
		m, err := New(Config{Tier: tier, MaxLen: 100})
		if err != nil || m.Tier() != tier {
			t.Errorf("asked for %s, got %s: %v", tier, m.Tier(), err)
		}
		wants(t, m.Close(), nil)
	}
}

func TestEveryCallOnAClosedMemoryIsInvalidHandle(t *testing.T) {
	everyTier(t, "use after close", func(t *testing.T, m *Memory) {
		wants(t, m.Close(), nil)
		wants(t, m.Read(0, make([]byte, 1)), InvalidHandle)
		wants(t, m.Write(0, []byte("x")), InvalidHandle)
		wants(t, m.Fill(0, 1, 1), InvalidHandle)
		wants(t, m.Resize(10), InvalidHandle)
		_, err := m.Len()
		wants(t, err, InvalidHandle)
		_, err = m.Grow(0)
		wants(t, err, InvalidHandle)
		if m.Tier() != "default" {
			t.Error(m.Tier())
		}
		other, err := New(Config{InitialLen: 10, MaxLen: 10})
		wants(t, err, nil)
		wants(t, m.Check(0, 1), InvalidHandle)
		wants(t, other.Close(), nil)
	})
}

func TestClosingTwiceIsInvalidHandle(t *testing.T) {
	everyTier(t, "close twice", func(t *testing.T, m *Memory) {
		wants(t, m.Close(), nil)
		wants(t, m.Close(), InvalidHandle)
		wants(t, (&Memory{}).Close(), InvalidHandle)
	})
}

func TestOffsetsAndLengthsThatAreTooLargeAreOutOfBounds(t *testing.T) {
	everyTier(t, "out of bounds, huge offsets", func(t *testing.T, m *Memory) {
		for _, at := range []uint64{100, 1 << 32, 1 << 63, math.MaxUint64 - 3, math.MaxUint64} {
			wants(t, m.Read(at, make([]byte, 4)), OutOfBounds)
			wants(t, m.Write(at, make([]byte, 4)), OutOfBounds)
			wants(t, m.Fill(at, 1, 4), OutOfBounds)
			wants(t, m.Fill(1, 1, at), OutOfBounds)
			wants(t, m.Check(at, math.MaxUint64), OutOfBounds)
		}
		wants(t, m.Read(100, nil), nil)
		wants(t, m.Read(101, nil), OutOfBounds)
		wants(t, m.Resize(math.MaxUint64), Limit)
	})
}

// Everything else of the wrong type the compiler refuses: see wrong/.
func TestAHandleOfAnotherKindOrFromNowhereIsInvalidHandle(t *testing.T) {
	everyTier(t, "wrong types and kinds", func(t *testing.T, _ *Memory) {
		wants(t, withBudgetAsMemory(func(m *Memory) error { return m.Write(0, []byte("x")) }), InvalidHandle)
		for _, handle := range []uintptr{0, 1, math.MaxUint64, uintptr(unsafe.Pointer(t))} {
			wants(t, withHandle(handle).Resize(1), InvalidHandle)
			wants(t, withHandle(handle).Close(), InvalidHandle)
		}
		_, err := New(Config{Tier: "heap"})
		wants(t, err, InvalidArgument)
		_, err = New(Config{PageLen: 3})
		wants(t, err, InvalidArgument)
	})
}

type panics struct{ CHeap }

func (panics) Allocate(_, _ uintptr) unsafe.Pointer { panic("an allocator's own") }

type panicsLater struct {
	CHeap
	calls int
}

func (p *panicsLater) Allocate(size, alignment uintptr) unsafe.Pointer {
	p.calls++
	if p.calls > 1 {
		panic("not again")
	}
	return p.CHeap.Allocate(size, alignment)
}

func (p *panicsLater) Deallocate(block unsafe.Pointer, size, alignment uintptr) {
	p.CHeap.Deallocate(block, size, alignment)
	panic("after the work")
}

func TestAnAllocatorThatPanicsIsOutOfMemory(t *testing.T) {
	_, err := New(Config{Tier: "alloc", InitialLen: 10, MaxLen: 100, Allocator: panics{}})
	wants(t, err, OutOfMemory)
	m, err := New(Config{InitialLen: 10, MaxLen: 100, Allocator: &panicsLater{}})
	wants(t, err, nil)
	wants(t, m.Write(0, []byte("kept")), nil)
	wants(t, m.Resize(50), OutOfMemory)
	got := make([]byte, 4)
	wants(t, m.Read(0, got), nil)
	if string(got) != "kept" {
		t.Errorf("got %q", got)
	}
	wants(t, m.Close(), nil)
	note(t, "alloc", "a callback that fails")
}

func TestManyGoroutinesMayUseOneMemory(t *testing.T) {
	everyTier(t, "threads", func(t *testing.T, m *Memory) {
		done := make(chan error)
		for range [8]int{} {
			go func() {
				var last error
				for n := 0; n < 200; n++ {
					if err := m.Fill(uint64(n%100), byte(n), 1); err != nil {
						last = err
					}
				}
				done <- last
			}()
		}
		for range [8]int{} {
			wants(t, <-done, nil)
		}
	})
}
