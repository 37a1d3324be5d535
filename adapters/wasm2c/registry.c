/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "registry.h"

#include <string.h>

/* For a program of one thread, on a board say. */
#ifdef WRT_WASM2C_ONE_THREAD
static void enter(void) {}
static void leave(void) {}
#else
#include <pthread.h>
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static void enter(void) { pthread_mutex_lock(&lock); }
static void leave(void) { pthread_mutex_unlock(&lock); }
#endif

/* Open addressing with linear probing: every entry is reached from its home place without passing a free one. */
static struct wrt_wasm2c_entry places[WRT_WASM2C_MEMORIES];

static size_t next(size_t place) { return (place + 1) % WRT_WASM2C_MEMORIES; }

static size_t home_of(const void *owner) {
  const uint64_t spread = (uint64_t)(uintptr_t)owner * UINT64_C(0x9E3779B97F4A7C15);
  return (size_t)((spread >> 32) % WRT_WASM2C_MEMORIES);
}

/* The owner's place, or the free one where it would go, or WRT_WASM2C_MEMORIES if there is neither. */
static size_t place_of(const void *owner) {
  size_t place = home_of(owner);
  for (size_t i = 0; i < WRT_WASM2C_MEMORIES; ++i) {
    if (places[place].owner == owner || places[place].owner == NULL) return place;
    place = next(place);
  }
  return WRT_WASM2C_MEMORIES;
}

static int holds(size_t place, const void *owner) {
  return place != WRT_WASM2C_MEMORIES && places[place].owner == owner;
}

/* How far a place is behind the home of the entry in it. */
static size_t way_from_home(size_t place) {
  return (place + WRT_WASM2C_MEMORIES - home_of(places[place].owner)) % WRT_WASM2C_MEMORIES;
}

/* Frees a place and moves up those behind it that would no longer be found. */
static void vacate(size_t place) {
  size_t gap = place;
  for (size_t at = next(place); places[at].owner != NULL && at != place; at = next(at)) {
    const size_t way_from_gap = (at + WRT_WASM2C_MEMORIES - gap) % WRT_WASM2C_MEMORIES;
    if (way_from_home(at) < way_from_gap) continue;
    places[gap] = places[at];
    gap = at;
  }
  memset(&places[gap], 0, sizeof places[gap]);
}

static wrt_status add(const struct wrt_wasm2c_entry *entry) {
  const size_t place = place_of(entry->owner);
  if (place == WRT_WASM2C_MEMORIES) return WRT_ERR_POOL_EXHAUSTED;
  if (holds(place, entry->owner)) return WRT_ERR_BUSY;
  places[place] = *entry;
  return WRT_OK;
}

wrt_status wrt_wasm2c_registry_add(const struct wrt_wasm2c_entry *entry) {
  enter();
  const wrt_status status = add(entry);
  leave();
  return status;
}

wrt_status wrt_wasm2c_registry_find(const void *owner, struct wrt_wasm2c_entry *out) {
  enter();
  const size_t place = place_of(owner);
  const int found = holds(place, owner);
  if (found) *out = places[place];
  leave();
  return found ? WRT_OK : WRT_ERR_INVALID_HANDLE;
}

wrt_status wrt_wasm2c_registry_remove(const void *owner) {
  enter();
  const size_t place = place_of(owner);
  const int found = holds(place, owner);
  if (found) vacate(place);
  leave();
  return found ? WRT_OK : WRT_ERR_INVALID_HANDLE;
}
