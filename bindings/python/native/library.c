/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What cffi compiles its calls against: each goes through a table that is filled from the library that was chosen at
 * run time. So one build of the package serves with the library inside it and with any other.
 */
#define WRT_API /* never linked */
#include <dlfcn.h>
#include <stdint.h>
#include <string.h>
#include <wrtmem/wrtmem.h>

static struct {
#define WRTMEM_CALL(name) __typeof__(&(name)) name##_;
#include "calls.inc"
#undef WRTMEM_CALL
} wrtmem_calls;

static const struct {
  const char *name;
  void *place;
} wrtmem_names[] = {
#define WRTMEM_CALL(name) {#name, &wrtmem_calls.name##_},
#include "calls.inc"
#undef WRTMEM_CALL
};

#define WRTMEM_NAMES (sizeof(wrtmem_names) / sizeof(wrtmem_names[0]))

/* Opens the library and finds its functions; NULL, or why it cannot be used. */
static const char *wrtmem_open(const char *path) {
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return dlerror();
  for (size_t i = 0; i < WRTMEM_NAMES; i++) {
    void *found = dlsym(library, wrtmem_names[i].name);
    if (found == NULL) return dlerror();
    memcpy(wrtmem_names[i].place, &found, sizeof(found));
  }
  return NULL;
}

/* The address of a function that was found, 0 for another name. */
static uint64_t wrtmem_address(const char *name) {
  for (size_t i = 0; i < WRTMEM_NAMES; i++) {
    uintptr_t address;
    memcpy(&address, wrtmem_names[i].place, sizeof(address));
    if (strcmp(name, wrtmem_names[i].name) == 0) return address;
  }
  return 0;
}
