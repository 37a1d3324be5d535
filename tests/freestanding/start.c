/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Start-up for Cortex-M under QEMU, with what semihosting offers: text to the console, and main's result as the exit
 * status. A fault ends the run with status 99.
 */
#include <stdint.h>

extern uint32_t data_start[], data_end[], data_load[], bss_start[], bss_end[], stack_top[];

void reset_handler(void);
void board_end(uint32_t status);
void board_print(const char *text);
int main(void);

static void semihost(int operation, const void *argument) {
  register int r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

void board_print(const char *text) { semihost(0x04, text); }

__attribute__((noreturn)) void board_end(uint32_t status) {
  const uint32_t block[2] = {0x20026, status}; /* SYS_EXIT_EXTENDED: the application exits */
  semihost(0x20, block);
  for (;;) {
  }
}

static void fault_handler(void) {
  board_print("fault\n");
  board_end(99);
}

void reset_handler(void) {
  for (uint32_t *to = data_start, *from = data_load; to < data_end;) *to++ = *from++;
  for (uint32_t *to = bss_start; to < bss_end;) *to++ = 0;
  board_end((uint32_t)main());
}

typedef void (*vector)(void);
__attribute__((section(".vectors"), used)) static const vector kVectors[7] = {
    (vector)stack_top, reset_handler, fault_handler, fault_handler, fault_handler, fault_handler, fault_handler};
