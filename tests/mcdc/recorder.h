/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What the instrumented copy of the sources calls. Each condition and each outcome of a decision is noted at run time;
 * constant evaluation goes through unchanged.
 */
#ifndef WRT_MCDC_RECORDER_H
#define WRT_MCDC_RECORDER_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
#define WRT_MCDC_FN constexpr inline
#define WRT_MCDC_NOEXCEPT noexcept
#define WRT_MCDC_COMPILER_EVALUATES __builtin_is_constant_evaluated()
extern "C" {
#else
#define WRT_MCDC_FN static inline
#define WRT_MCDC_NOEXCEPT
#define WRT_MCDC_COMPILER_EVALUATES false
#endif

/* An evaluation of the decision begins; those within it end before it does. */
void wrt_mcdc_begin(uint32_t decision) WRT_MCDC_NOEXCEPT;
void wrt_mcdc_reach(uint32_t decision, uint32_t condition) WRT_MCDC_NOEXCEPT;
void wrt_mcdc_condition(uint32_t decision, uint32_t condition, bool value) WRT_MCDC_NOEXCEPT;
void wrt_mcdc_end(uint32_t decision, bool outcome) WRT_MCDC_NOEXCEPT;

/* Called before each condition is evaluated, by the thread that evaluates it, unless NULL. Its own decisions are noted
   too, and do not call it. */
typedef void (*wrt_mcdc_hook)(const char *file, const char *function, const char *condition);
void wrt_mcdc_set_hook(wrt_mcdc_hook hook) WRT_MCDC_NOEXCEPT;

#ifdef __cplusplus
}
#endif

WRT_MCDC_FN bool wrt_mcdc_enter(uint32_t decision) WRT_MCDC_NOEXCEPT {
  if (!WRT_MCDC_COMPILER_EVALUATES) wrt_mcdc_begin(decision);
  return true;
}

WRT_MCDC_FN bool wrt_mcdc_meet(uint32_t decision, uint32_t condition) WRT_MCDC_NOEXCEPT {
  if (!WRT_MCDC_COMPILER_EVALUATES) wrt_mcdc_reach(decision, condition);
  return true;
}

WRT_MCDC_FN bool wrt_mcdc_note(uint32_t decision, uint32_t condition, bool value) WRT_MCDC_NOEXCEPT {
  if (!WRT_MCDC_COMPILER_EVALUATES) wrt_mcdc_condition(decision, condition, value);
  return value;
}

WRT_MCDC_FN bool wrt_mcdc_leave(uint32_t decision, bool outcome) WRT_MCDC_NOEXCEPT {
  if (!WRT_MCDC_COMPILER_EVALUATES) wrt_mcdc_end(decision, outcome);
  return outcome;
}

#define WRT_MCDC_CONDITION(decision, condition, ...) \
  wrt_mcdc_note(decision, condition, wrt_mcdc_meet(decision, condition) && ((__VA_ARGS__) ? true : false))
#define WRT_MCDC_DECISION(decision, ...) \
  wrt_mcdc_leave(decision, wrt_mcdc_enter(decision) && ((__VA_ARGS__) ? true : false))

#endif /* WRT_MCDC_RECORDER_H */
