// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <stddef.h>
#include <stdlib.h>

void *operator new(size_t n) {
  void *object = malloc(n);
  if (object == nullptr) abort();
  return object;
}
void operator delete(void *object) noexcept { free(object); }
void operator delete(void *object, size_t) noexcept { free(object); }
