// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "peers.hpp"

#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>

namespace bench {

namespace {

// jemalloc wants room for thread-local variables that the loader has only when told so:
// GLIBC_TUNABLES=glibc.rtld.optional_static_tls=16384
void add(std::vector<Allocator> &found, const char *name, const char *file, const char *zeroed, const char *release) {
  void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
  if (library == nullptr) {
    std::fprintf(stderr, "left out: %s: %s\n", name, dlerror());
    return;
  }
  found.push_back({std::string(name) + " calloc", reinterpret_cast<void *(*)(size_t, size_t)>(dlsym(library, zeroed)),
                   reinterpret_cast<void (*)(void *)>(dlsym(library, release))});
}

std::vector<Allocator> find_all() {
  std::vector<Allocator> found{{"calloc", std::calloc, std::free}};
  add(found, "mimalloc", "libmimalloc.so.2", "mi_calloc", "mi_free");
  add(found, "jemalloc", "libjemalloc.so.2", "calloc", "free");
  return found;
}

}  // namespace

const std::vector<Allocator> &allocators() {
  static const std::vector<Allocator> found = find_all();
  return found;
}

}  // namespace bench
