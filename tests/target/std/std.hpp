// SPDX-License-Identifier: Apache-2.0 OR MIT
// As much of the C++ library as the property test uses, over malloc, for toolchains that come without one. Simple
// rather than quick: maps and sets are sorted arrays.
#ifndef WRTMEM_TESTS_TARGET_STD_HPP
#define WRTMEM_TESTS_TARGET_STD_HPP

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

inline void *operator new(size_t, void *place) noexcept { return place; }

namespace std {

using ::exit;
using ::fprintf;
using ::getenv;
using ::memcmp;
using ::memcpy;
using ::memset;
using ::printf;
using ::ptrdiff_t;
using ::size_t;
using ::strcmp;
using ::strtoull;

// ---- references

template <class T>
struct remove_reference {
  using type = T;
};
template <class T>
struct remove_reference<T &> {
  using type = T;
};
template <class T>
struct remove_reference<T &&> {
  using type = T;
};

template <class T>
constexpr typename remove_reference<T>::type &&move(T &&value) noexcept {
  return static_cast<typename remove_reference<T>::type &&>(value);
}

template <class T>
constexpr void swap(T &a, T &b) noexcept {
  T c(move(a));
  a = move(b);
  b = move(c);
}

// ---- sequences

/// The compiler makes these: it asks for this name and these two members.
template <class T>
class initializer_list {
 public:
  constexpr initializer_list() noexcept : first_(nullptr), size_(0) {}
  constexpr size_t size() const noexcept { return size_; }
  constexpr const T *begin() const noexcept { return first_; }
  constexpr const T *end() const noexcept { return first_ + size_; }

 private:
  const T *first_;
  size_t size_;
};

template <class T, size_t N>
struct array {
  T items[N];

  constexpr size_t size() const { return N; }
  constexpr T *data() { return items; }
  constexpr const T *data() const { return items; }
  constexpr T *begin() { return items; }
  constexpr T *end() { return items + N; }
  constexpr const T *begin() const { return items; }
  constexpr const T *end() const { return items + N; }
  constexpr T &operator[](size_t i) { return items[i]; }
  constexpr const T &operator[](size_t i) const { return items[i]; }
  bool operator==(const array &other) const {
    for (size_t i = 0; i < N; i++) {
      if (!(items[i] == other.items[i])) return false;
    }
    return true;
  }
};

template <class T>
class vector {
 public:
  vector() = default;
  explicit vector(size_t n) { resize(n); }
  vector(size_t n, const T &value) { assign(n, value); }
  vector(const vector &other) { append(other); }
  vector(vector &&other) noexcept { trade(other); }
  vector &operator=(vector other) noexcept {
    trade(other);
    return *this;
  }
  ~vector() {
    clear();
    free(items_);
  }

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T *data() { return items_; }
  const T *data() const { return items_; }
  T *begin() { return items_; }
  T *end() { return items_ + size_; }
  const T *begin() const { return items_; }
  const T *end() const { return items_ + size_; }
  T &operator[](size_t i) { return items_[i]; }
  const T &operator[](size_t i) const { return items_[i]; }
  T &front() { return items_[0]; }
  const T &front() const { return items_[0]; }
  T &back() { return items_[size_ - 1]; }
  const T &back() const { return items_[size_ - 1]; }

  void clear() {
    while (size_ != 0) items_[--size_].~T();
  }
  void push_back(T value) {
    if (size_ == room_) make_room(room_ + room_ / 2 + 8);
    new (items_ + size_++) T(move(value));
  }
  void resize(size_t n) {
    make_room(n);
    while (size_ > n) items_[--size_].~T();
    while (size_ < n) new (items_ + size_++) T();
  }
  void assign(size_t n, const T &value) {
    clear();
    make_room(n);
    while (size_ < n) new (items_ + size_++) T(value);
  }
  void insert(T *before, T value) {
    const size_t at = static_cast<size_t>(before - items_);
    push_back(move(value));
    for (size_t i = size_ - 1; i > at; i--) swap(items_[i], items_[i - 1]);
  }
  T *erase(T *item) {
    for (T *next = item + 1; next != end(); next++) next[-1] = move(*next);
    items_[--size_].~T();
    return item;
  }

  bool operator==(const vector &other) const {
    if (size_ != other.size_) return false;
    for (size_t i = 0; i < size_; i++) {
      if (!(items_[i] == other.items_[i])) return false;
    }
    return true;
  }

 private:
  void make_room(size_t n) {
    if (n <= room_) return;
    T *items = static_cast<T *>(malloc(n * sizeof(T)));
    if (items == nullptr) abort();
    for (size_t i = 0; i < size_; i++) {
      new (items + i) T(move(items_[i]));
      items_[i].~T();
    }
    free(items_);
    items_ = items;
    room_ = n;
  }
  void append(const vector &other) {
    make_room(other.size_);
    for (const T &item : other) push_back(item);
  }
  void trade(vector &other) noexcept {
    swap(items_, other.items_);
    swap(size_, other.size_);
    swap(room_, other.room_);
  }

  T *items_ = nullptr;
  size_t size_ = 0;
  size_t room_ = 0;
};

template <class T>
class deque : public vector<T> {
 public:
  void pop_front() { this->erase(this->begin()); }
};

// ---- one object

template <class T>
class unique_ptr {
 public:
  unique_ptr() = default;
  explicit unique_ptr(T *object) : object_(object) {}
  unique_ptr(unique_ptr &&other) noexcept { swap(object_, other.object_); }
  unique_ptr &operator=(unique_ptr &&other) noexcept {
    swap(object_, other.object_);
    return *this;
  }
  ~unique_ptr() { delete object_; }

  T *get() const { return object_; }
  T *operator->() const { return object_; }
  T &operator*() const { return *object_; }
  explicit operator bool() const { return object_ != nullptr; }
  bool operator==(decltype(nullptr)) const { return object_ == nullptr; }
  void reset() {
    delete object_;
    object_ = nullptr;
  }

 private:
  T *object_ = nullptr;
};

template <class T>
unique_ptr<T> make_unique() {
  return unique_ptr<T>(new T());
}

// ---- sorted arrays

/// The first place whose key is not below `key`.
template <class Place, class KeyOf, class Key>
Place first_from(Place from, Place to, KeyOf key_of, const Key &key) {
  while (from != to) {
    Place middle = from + (to - from) / 2;
    if (key_of(*middle) < key) {
      from = middle + 1;
    } else {
      to = middle;
    }
  }
  return from;
}

template <class T>
class set {
 public:
  size_t size() const { return items_.size(); }
  void clear() { items_.clear(); }
  void insert(const T &value) {
    T *place = first_from(
        items_.begin(), items_.end(), [](const T &item) { return item; }, value);
    if (place == items_.end() || value < *place) items_.insert(place, value);
  }

 private:
  vector<T> items_;
};

/// Entries stay where they are; what is sorted are pointers to them.
template <class Key, class Value>
class map {
 public:
  struct Entry {
    Key first;
    Value second;
  };

  class iterator {
   public:
    explicit iterator(Entry *const *place) : place_(place) {}
    Entry &operator*() const { return **place_; }
    Entry *operator->() const { return *place_; }
    iterator &operator++() {
      place_++;
      return *this;
    }
    bool operator==(const iterator &other) const { return place_ == other.place_; }

   private:
    friend map;
    Entry *const *place_;
  };

  map() = default;
  map(const map &other) {
    for (const Entry *entry : other.entries_) entries_.push_back(new Entry(*entry));
  }
  map(map &&other) noexcept : entries_(move(other.entries_)) {}
  map &operator=(map other) noexcept {
    swap(entries_, other.entries_);
    return *this;
  }
  ~map() {
    for (Entry *entry : entries_) delete entry;
  }

  iterator begin() const { return iterator(entries_.begin()); }
  iterator end() const { return iterator(entries_.end()); }
  iterator lower_bound(const Key &key) const {
    return iterator(first_from(
        entries_.begin(), entries_.end(), [](const Entry *entry) { return entry->first; }, key));
  }
  iterator find(const Key &key) const {
    const iterator found = lower_bound(key);
    return found == end() || key < found->first ? end() : found;
  }
  Value &operator[](const Key &key) {
    const iterator found = lower_bound(key);
    if (found != end() && !(key < found->first)) return found->second;
    Entry *entry = new Entry{key, {}};
    entries_.insert(entries_.begin() + (found.place_ - entries_.begin()), entry);
    return entry->second;
  }
  iterator erase(iterator where) {
    delete *where.place_;
    return iterator(entries_.erase(entries_.begin() + (where.place_ - entries_.begin())));
  }

 private:
  vector<Entry *> entries_;
};

template <class Iterator>
Iterator next(Iterator place) {
  return ++place;
}

// ---- text

class string {
 public:
  string() { clear(); }
  string(const char *text) {
    clear();
    *this += text;
  }

  const char *c_str() const { return text_.data(); }
  bool empty() const { return text_.size() == 1; }
  void clear() { text_.assign(1, '\0'); }
  string &operator+=(const char *more) {
    for (; *more != '\0'; more++) {
      text_.back() = *more;
      text_.push_back('\0');
    }
    return *this;
  }
  string substr(size_t from, size_t n) const {
    string part(from < text_.size() ? c_str() + from : "");
    if (n < part.text_.size()) {
      part.text_.resize(n);
      part.text_.push_back('\0');
    }
    return part;
  }

 private:
  vector<char> text_;  // with its end
};

inline string operator+(const char *left, const string &right) {
  string both(left);
  both += right.c_str();
  return both;
}

inline string to_string(uint64_t number) {
  char digits[24];
  snprintf(digits, sizeof digits, "%llu", static_cast<unsigned long long>(number));
  return digits;
}

// ---- algorithms

template <class T>
constexpr const T &min(const T &a, const T &b) {
  return b < a ? b : a;
}
template <class T>
constexpr const T &max(const T &a, const T &b) {
  return a < b ? b : a;
}

template <class Iterator, class Test>
Iterator find_if(Iterator from, Iterator to, Test test) {
  while (!(from == to) && !test(*from)) ++from;
  return from;
}
template <class Iterator, class Test>
bool all_of(Iterator from, Iterator to, Test test) {
  while (!(from == to) && test(*from)) ++from;
  return from == to;
}
template <class Iterator, class Test>
ptrdiff_t count_if(Iterator from, Iterator to, Test test) {
  ptrdiff_t n = 0;
  for (; !(from == to); ++from) n += test(*from) ? 1 : 0;
  return n;
}
template <class Iterator, class Out>
Out copy(Iterator from, Iterator to, Out out) {
  for (; !(from == to); ++from) *out++ = *from;
  return out;
}

}  // namespace std

#endif  // WRTMEM_TESTS_TARGET_STD_HPP
