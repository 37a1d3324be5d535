// SPDX-License-Identifier: Apache-2.0 OR MIT
// The library and the model side by side: for each tier a lane of memories, budgets and a pool, each with its model.
#ifndef WRTMEM_TESTS_PROPERTY_WORLD_HPP
#define WRTMEM_TESTS_PROPERTY_WORLD_HPP

#include <memory>

#include "model.hpp"

extern "C" {
#include "../capi/checked_heap.h"
}

#ifndef WRT_BUILTIN_SLOTS
#define WRT_BUILTIN_SLOTS 16
#endif
#ifndef WRT_BUILTIN_SLOT_LEN
#define WRT_BUILTIN_SLOT_LEN 65536
#endif

constexpr size_t kSlots = 6;
constexpr size_t kBudgets = 4;
constexpr size_t kImages = 2;
constexpr size_t kPoolSlots = 4;
constexpr size_t kPoolSlotLen = size_t{4} * 65536;

struct Lent {
  uint8_t *data;
  uint64_t offset;
  uint64_t n;
  uint32_t access;
};

struct LiveMemory {
  wrt_mem *handle = nullptr;
  model::Memory model;
  const wrt_view *view = nullptr;  // once it was asked for
  uint8_t *fixed_base = nullptr;   // once the library said that it cannot move
  std::vector<Lent> lent;
};

struct LiveBudget {
  wrt_budget *handle = nullptr;
  model::Budget model{};
};

struct LiveImage {
  wrt_image *handle = nullptr;
  model::ImageRef model;
};

struct Lane {
  int32_t tier = 0;
  uint64_t tier_max = 0;
  bool has_malloc = true;  // ALLOC without an allocator of the caller's is offered
  model::Pool pool_model{};
  model::Pool builtin{WRT_BUILTIN_SLOT_LEN, WRT_BUILTIN_SLOTS};
  std::array<std::unique_ptr<LiveMemory>, kSlots> memories;
  std::array<std::unique_ptr<LiveBudget>, kBudgets> budgets;
  std::array<std::unique_ptr<LiveImage>, kImages> images;
  std::vector<wrt_mem *> stale;
  std::vector<wrt_image *> stale_images;
  std::vector<wrt_budget *> stale_budgets;

  checked_heap heap{};  // ALLOC

  std::vector<uint8_t> storage;  // STATIC
  wrt_pool *pool = nullptr;

  model::Budget *budget_model(size_t index) { return budgets[index] ? &budgets[index]->model : nullptr; }
};

#endif  // WRTMEM_TESTS_PROPERTY_WORLD_HPP
