/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "guard.h"

#include <setjmp.h>
#include <signal.h>
#include <stddef.h>

/* Where this thread goes back to; NULL: it runs no code of a guest. */
static _Thread_local sigjmp_buf *volatile landing;
static _Thread_local struct guard_fault fault;

static struct sigaction former_segv, former_bus;

/* What would have happened without us. */
static void chain(int number, siginfo_t *info, void *context) {
  const struct sigaction *former = number == SIGSEGV ? &former_segv : &former_bus;
  if ((former->sa_flags & SA_SIGINFO) != 0) {
    former->sa_sigaction(number, info, context);
    return;
  }
  if (former->sa_handler != SIG_DFL && former->sa_handler != SIG_IGN) {
    former->sa_handler(number);
    return;
  }
  const int from_kernel = info->si_code > 0;
  if (former->sa_handler == SIG_IGN && !from_kernel) return;
  /* The default: the instruction is tried again, and this time the kernel ends the process. */
  sigaction(number, former, NULL);
  if (!from_kernel) raise(number);
}

/* wrt_fault_find is async-signal-safe. A signal that somebody sent has no address. */
static void on_fault(int number, siginfo_t *info, void *context) {
  const int ours =
      landing != NULL && info->si_code > 0 && wrt_fault_find(info->si_addr, &fault.mem, &fault.offset) == WRT_OK;
  if (ours) siglongjmp(*landing, 1);
  chain(number, info, context);
}

int guard_install(void) {
  struct sigaction action;
  action.sa_sigaction = on_fault;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  if (sigaction(SIGSEGV, &action, &former_segv) != 0) return -1;
  return sigaction(SIGBUS, &action, &former_bus); /* some systems' word for it */
}

void guard_uninstall(void) {
  sigaction(SIGSEGV, &former_segv, NULL);
  sigaction(SIGBUS, &former_bus, NULL);
}

wrt_status guard_run(void (*code)(void *argument), void *argument, struct guard_fault *out) {
  sigjmp_buf here;
  if (sigsetjmp(here, 1) != 0) { /* 1: with the signals that were let through */
    landing = NULL;
    *out = fault;
    return WRT_ERR_OUT_OF_BOUNDS;
  }
  landing = &here;
  code(argument);
  landing = NULL;
  return WRT_OK;
}
