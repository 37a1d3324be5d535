// SPDX-License-Identifier: Apache-2.0 OR MIT
// Runs the library's own atomics under relacy. To be included before anything of the library: from here on the
// compiler's atomic builtins, which are all that the library uses, mean relacy's, each with the order that the source
// names. So what is tested is the source that ships, as it is.
#ifndef WRT_PROOFS_MODELS_RELACY_SEAM_HPP
#define WRT_PROOFS_MODELS_RELACY_SEAM_HPP

#include <new>
#include <relacy/relacy.hpp>

#undef new
#undef delete
#undef malloc
#undef calloc
#undef realloc
#undef free
#undef assert
#undef errno
#undef memory_order_relaxed
#undef memory_order_consume
#undef memory_order_acquire
#undef memory_order_release
#undef memory_order_acq_rel
#undef memory_order_seq_cst

namespace seam {

static_assert(__ATOMIC_RELAXED == int{rl::mo_relaxed} && __ATOMIC_ACQUIRE == int{rl::mo_acquire} &&
              __ATOMIC_RELEASE == int{rl::mo_release} && __ATOMIC_ACQ_REL == int{rl::mo_acq_rel} &&
              __ATOMIC_SEQ_CST == int{rl::mo_seq_cst});

/// While it is true an atomic may come into being: before the threads start.
inline bool setting_up = true;

constexpr rl::memory_order order(int of) { return static_cast<rl::memory_order>(of); }

/// The atomics of one type that were touched in this iteration, by the address that they have in the library. They
/// begin with what plain memory holds there.
template <class T>
class Places {
 public:
  rl::atomic<T> &at(const T *place) {
    for (int i = 0; i < count_; i++) {
      if (where_[i] == place) return get(i);
    }
    RL_VERIFY(setting_up && count_ < kMost);
    where_[count_] = place;
    rl::atomic<T> *made = ::new (static_cast<void *>(raw_[count_])) rl::atomic<T>;
    count_++;
    made->store(*place, rl::mo_relaxed, RL_INFO);
    return *made;
  }

  void clear() {
    for (int i = 0; i < count_; i++) get(i).~atomic();
    count_ = 0;
  }

 private:
  static constexpr int kMost = 64;
  const T *where_[kMost];
  alignas(rl::atomic<T>) unsigned char raw_[kMost][sizeof(rl::atomic<T>)];
  int count_ = 0;

  rl::atomic<T> &get(int i) { return *reinterpret_cast<rl::atomic<T> *>(raw_[i]); }
};

template <class T>
Places<T> &places() {
  static Places<T> all;
  return all;
}

/// Brings the atomics of an array into being.
template <class T>
void touch(const T *first, size_t n) {
  for (size_t i = 0; i < n; i++) places<T>().at(first + i);
}

template <class... T>
void start_setting_up() {
  (places<T>().clear(), ...);
  setting_up = true;
}
inline void start_threads() { setting_up = false; }

template <class T>
T load(const T *place, int o) {
  return places<T>().at(place).load(order(o), RL_INFO);
}
template <class T, class U>
void store(T *place, U desired, int o) {
  places<T>().at(place).store(static_cast<T>(desired), order(o), RL_INFO);
}
template <class T, class U>
T exchange(T *place, U desired, int o) {
  return places<T>().at(place)(RL_INFO).exchange(static_cast<T>(desired), order(o));
}
template <class T, class U>
T fetch_add(T *place, U amount, int o) {
  return places<T>().at(place)(RL_INFO).fetch_add(static_cast<T>(amount), order(o));
}
template <class T, class U>
T fetch_sub(T *place, U amount, int o) {
  return places<T>().at(place)(RL_INFO).fetch_sub(static_cast<T>(amount), order(o));
}
template <class T>
T fetch_or(T *place, T bits, int o) {
  return places<T>().at(place)(RL_INFO).fetch_or(bits, order(o));
}
template <class T>
T fetch_and(T *place, T bits, int o) {
  return places<T>().at(place)(RL_INFO).fetch_and(bits, order(o));
}
template <class T, class U>
bool compare_exchange(T *place, T *expected, U desired, int success, int failure) {
  return places<T>().at(place)(RL_INFO).compare_exchange_strong(*expected, static_cast<T>(desired), order(success),
                                                                order(failure));
}

/// Explores every execution within `bound` switches of threads, those that weak memory allows included, and says how
/// many there were. 0 when all hold.
template <class Suite>
bool explore(const char *name, unsigned bound) {
  constexpr rl::iteration_t kMost = 500000000;
  std::ostringstream progress;
  rl::test_params params;
  params.search_type = rl::fair_context_bound_scheduler_type;
  params.context_bound = bound;
  params.iteration_count = kMost;
  params.progress_stream = &progress;
  params.execution_depth_limit = 10000;
  const bool held = rl::simulate<Suite>(params);
  if (!held) return false;
  if (params.stop_iteration >= kMost) {
    std::printf("%s: not exhausted\n", name);
    return false;
  }
  std::printf("%s: %llu executions\n", name, static_cast<unsigned long long>(params.stop_iteration));
  return true;
}

}  // namespace seam

#define __atomic_load_n(place, o) seam::load(place, o)
#define __atomic_store_n(place, value, o) seam::store(place, value, o)
#define __atomic_exchange_n(place, value, o) seam::exchange(place, value, o)
#define __atomic_fetch_add(place, value, o) seam::fetch_add(place, value, o)
#define __atomic_fetch_sub(place, value, o) seam::fetch_sub(place, value, o)
#define __atomic_fetch_or(place, bits, o) seam::fetch_or(place, bits, o)
#define __atomic_fetch_and(place, bits, o) seam::fetch_and(place, bits, o)
#define __atomic_compare_exchange_n(place, expected, desired, weak, success, failure) \
  seam::compare_exchange(place, expected, desired, success, failure)

#endif  // WRT_PROOFS_MODELS_RELACY_SEAM_HPP
