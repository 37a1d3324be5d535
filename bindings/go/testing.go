// SPDX-License-Identifier: Apache-2.0 OR MIT

package wrtmem

// #include "native.h"
import "C"

// What the tests need of C: their own files cannot have any.

func withHandle(handle uintptr) *Memory { return &Memory{handle: C.uintptr_t(handle)} }

func withBudgetAsMemory(use func(*Memory) error) error {
	var budget C.uintptr_t
	if err := failure(C.native_budget(100, &budget)); err != nil {
		return err
	}
	err := use(withHandle(uintptr(budget)))
	if closed := failure(C.native_budget_destroy(budget)); closed != nil {
		return closed
	}
	return err
}
