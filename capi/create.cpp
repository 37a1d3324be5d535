// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capi/create.hpp"

namespace wrt::capi {

namespace {

// Where the new memory's control block is: on STATIC it belongs to the slot.
wrt_status claim_place(Spec &spec, uint32_t &index) noexcept {
  if (spec.pool != nullptr) {
    if (wrt_status status = spec.pool->claim(spec.slot)) return status;
    index = spec.pool->handles[spec.slot];
    return WRT_OK;
  }
  if (!prepare_library()) return WRT_ERR_OUT_OF_MEMORY;
  if (!take_handles(1)) return WRT_ERR_POOL_EXHAUSTED;
  const wrt_status status = claim_entry(index);
  if (status != WRT_OK) untake_handles(1);
  return status;
}

void release_place(const Spec &spec, uint32_t index) noexcept {
  if (spec.pool != nullptr) {
    spec.pool->release(spec.slot);
  } else {
    release_entry(index);
  }
}

wrt_status obtain(Order &order, uint32_t &index) noexcept {
  if (wrt_status status = claim_place(order.spec, index)) return status;
  const wrt_status status = entry_at(index).body.memory.open(order.spec, journal_at(index));
  if (status != WRT_OK) release_place(order.spec, index);
  return status;
}

// What was obtained goes back; a slot goes with its bytes.
void undo(const Order &order, uint32_t index) noexcept {
  entry_at(index).body.memory.close();
  if (order.spec.pool == nullptr) release_entry(index);
}

uint64_t image_key(const Entry &entry) noexcept {
  return Token::key(Token::make(Kind::kImage, index_of(entry), entry.generation));
}

}  // namespace

wrt_status create_memory(Order &order, const LinearMemory *contents, wrt_mem **out) noexcept {
  BudgetCell *budget = order.spec.payer();
  const auto len = static_cast<uintptr_t>(order.spec.request.initial_len);
  if (budget != nullptr) {
    if (wrt_status status = budget->charge(len)) return status;
  }
  uint32_t index = 0;
  if (wrt_status status = obtain(order, index)) {
    if (budget != nullptr) budget->refund(len);
    return status;
  }
  Entry &entry = entry_at(index);
  if (contents != nullptr) {
    if (wrt_status status = contents->copy_into(entry.body.memory)) {
      undo(order, index);
      return status;
    }
  }
  const uintptr_t token = next_token(entry, Kind::kMemory);
  entry.body.memory.publish(Token::key(token));
  entry.token.store(token);
  order.keep();
  *out = reinterpret_cast<wrt_mem *>(token);
  return WRT_OK;
}

namespace {

// Gives back all that it holds but the image that it came from, which is returned; an image came from none.
LinearMemory *give_back(Entry &entry, bool bad) noexcept {
  LinearMemory &memory = entry.body.memory;
  const uint32_t index = index_of(entry);
  Journal &journal = journal_at(index);
  SlotPool *pool = bad ? memory.pool_by_vote(entry.owner) : entry.owner;
  LinearMemory *image = nullptr;
  if (kHasImages) image = bad ? memory.image_by_vote(journal) : memory.plan().source();
  memory.unpublish();
  BudgetCell *budget = nullptr;
  if (bad) {
    if (pool != nullptr) pool->quarantine(memory.slots_by_vote(journal));
    budget = memory.abandon();
    journal.borrows = {};
    if (kHasLevels) journal.shield.set({});
    if (kHasImages) journal.image = nullptr;
    entry.owner = pool;
  } else {
    budget = memory.plan().payer();
    memory.close();
  }
  if (pool == nullptr) release_entry(index);
  unpin(budget);
  unpin(pool);
  return image;
}

}  // namespace

wrt_status destroy_memory(Entry &entry, bool bad) noexcept {
  LinearMemory *image = give_back(entry, bad);
  if (kHasImages && image != nullptr) drop_image(image);
  return bad ? WRT_ERR_CORRUPT : WRT_OK;
}

wrt_status create_image(Order &order, const Filler &filler, wrt_image **out) noexcept {
  uint32_t index = 0;
  if (wrt_status status = obtain(order, index)) return status;
  Entry &entry = entry_at(index);
  LinearMemory &image = entry.body.memory;
  wrt_status status = filler.fill(filler.context, image);
  if (status == WRT_OK) status = image.freeze();
  if (status != WRT_OK) {
    undo(order, index);
    return status;
  }
  const uintptr_t token = next_token(entry, Kind::kImage);
  image.publish(Token::key(token));
  entry.pins.open(Token::generation(token));
  entry.pins.add();  // the handle's own
  entry.token.store(token);
  order.keep();
  *out = reinterpret_cast<wrt_image *>(token);
  return WRT_OK;
}

bool image_holds(Entry &entry) noexcept {
  const LinearMemory &image = entry.body.memory;
  return image.check_whole(image_key(entry)) == WRT_OK && entry.owner == image.pool();
}

// Nobody can pin an image that has no handle and no memory any more, so that one thread alone closes it.
void drop_image(LinearMemory *image) noexcept {
  Entry &entry = entry_of(image);
  const uint32_t generation = entry.generation;
  entry.pins.drop();
  if (entry.pins.close(generation) != PinCount::Closing::kClosed) return;
  (void)give_back(entry, !image_holds(entry));
}

}  // namespace wrt::capi
