// SPDX-License-Identifier: Apache-2.0 OR MIT
// The lock that stands in where the program brings none: interrupts are masked, as one core needs it. In an archive a
// file of its own, so that the linker takes it only where nothing else defines these two.
#include "wrtmem/lock.h"

#if defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M'

uintptr_t wrt_lock_enter(void) {
  uintptr_t before;
  __asm__ volatile("mrs %0, primask\n\tcpsid i" : "=r"(before) : : "memory");
  return before;
}

void wrt_lock_leave(uintptr_t before) { __asm__ volatile("msr primask, %0" : : "r"(before) : "memory"); }

#elif defined(__riscv)

constexpr uintptr_t kMachineInterrupts = 8;  // mstatus.MIE

// csrrci and csrs on mstatus (0x300), said by number: some assemblers know them only where an extension is named.
uintptr_t wrt_lock_enter(void) {
  uintptr_t before;
  __asm__ volatile(".insn i 0x73, 7, %0, x8, 0x300" : "=r"(before) : : "memory");
  return before;
}

void wrt_lock_leave(uintptr_t before) {
  __asm__ volatile(".insn i 0x73, 2, x0, %0, 0x300" : : "r"(before & kMachineInterrupts) : "memory");
}

#endif
