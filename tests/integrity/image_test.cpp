// SPDX-License-Identifier: Apache-2.0 OR MIT
// Images under stray writes: to the control block of an image, and to what a memory knows of its image.
#include <thread>

#include "world.hpp"

using namespace integrity;

namespace {

constexpr uint64_t kLen = 5000;

class ImageOnTier : public OnTier {};

wrt::capi::Entry &entry_of_image(const wrt_image *image) {
  return wrt::capi::entry_for(reinterpret_cast<uintptr_t>(image));
}

wrt_status info_status(const wrt_image *image) {
  wrt_image_info info{};
  info.struct_size = sizeof info;
  return wrt_image_get_info(image, &info);
}

TEST_P(ImageOnTier, EveryFlippedBitOfItsControlBlockIsNoticedOrIsNoPartOfIt) {
  World world(tier());
  wrt_mem *mem = world.make(WRT_VERIFY_STANDARD, kLen);
  fill_randomly(mem);
  wrt_image *image = nullptr;
  ASSERT_EQ(wrt_image_create(mem, &image), WRT_OK);
  auto *bytes = reinterpret_cast<uint8_t *>(&entry_of_image(image).body.memory);
  size_t noticed = 0;
  for (size_t bit = 0; bit < 8 * sizeof(wrt::LinearMemory); bit++) {
    bytes[bit / 8] ^= static_cast<uint8_t>(1U << bit % 8);
    const wrt_status status = info_status(image);
    if (status != WRT_OK) {
      EXPECT_EQ(status, WRT_ERR_CORRUPT);
      noticed++;
    }
    bytes[bit / 8] ^= static_cast<uint8_t>(1U << bit % 8);
  }
  EXPECT_GE(noticed, 8 * sizeof(wrt::LinearMemory) * 9 / 10);
  EXPECT_EQ(info_status(image), WRT_OK);
  EXPECT_EQ(wrt_image_destroy(image), WRT_OK);
}

// What a memory resets to stands in it three times: a stray write to one of them is CORRUPT, and the image is given
// back all the same.
TEST_P(ImageOnTier, AMemoryWithABadControlBlockStillGivesItsImageBack) {
  for (int which = 0; which < 3; which++) {
    World world(tier());
    wrt_mem *mem = world.make(WRT_VERIFY_DEFAULT, kLen);
    wrt_image *image = nullptr;
    ASSERT_EQ(wrt_image_create(mem, &image), WRT_OK);
    wrt_mem_config config = world.config(WRT_VERIFY_DEFAULT, 0);
    config.image = image;
    wrt_mem *other = world.make(config);
    wrt::capi::Entry &entry = entry_of_image(image);
    ASSERT_EQ(wrt_image_destroy(image), WRT_OK);
    EXPECT_EQ(entry.pins.count(), 1U);

    auto *words = reinterpret_cast<uintptr_t *>(&memory_of(other));
    const auto target = reinterpret_cast<uintptr_t>(&entry.body.memory);
    wrt::Journal &journal = journal_of(other);
    ASSERT_EQ(journal.image, &entry.body.memory);
    uintptr_t *hit = reinterpret_cast<uintptr_t *>(&journal.image);
    if (which < 2) {
      const uintptr_t value = which == 0 ? target : ~target;
      size_t i = 0;
      while (words[i] != value) i++;
      ASSERT_LT(i, sizeof(wrt::LinearMemory) / sizeof(uintptr_t));
      hit = &words[i];
    }
    *hit ^= 0x1000;
    const wrt_status status = wrt_mem_destroy(other);
    EXPECT_EQ(status, which < 2 ? WRT_ERR_CORRUPT : WRT_OK);
    EXPECT_EQ(entry.pins.count(), 0U) << "the image was lost";
    EXPECT_EQ(journal.image, nullptr);
    if (tier() == WRT_TIER_ALLOC && which < 2) world.leaked_blocks = 1;  // the memory's own block is set aside
    if (tier() == WRT_TIER_STATIC) {
      EXPECT_EQ(world.slots_used(), 1U);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Tiers, ImageOnTier, testing::ValuesIn(kTiers));

// Any function may be called at the same time: memories come and go from one image, whose blocks are checked each time,
// while its handle is destroyed.
TEST_P(ImageOnTier, ManyThreadsStartMemoriesFromOneImageAndTheLastOneFreesIt) {
  for (int32_t level : {WRT_VERIFY_BASIC, WRT_VERIFY_REDUNDANT}) {
    World world(tier(), 16);
    wrt_mem *mem = world.make(level, kLen);
    const std::vector<uint8_t> wanted = fill_randomly(mem);
    wrt_image *image = nullptr;
    ASSERT_EQ(wrt_image_create(mem, &image), WRT_OK);
    wrt_mem_config config = world.config(WRT_VERIFY_DEFAULT, 0);
    config.allocator = nullptr;  // the test's own is for one thread
    config.image = image;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; i++) {
      threads.emplace_back([&] {
        for (int round = 0; round < 50; round++) {
          wrt_mem *own = nullptr;
          const wrt_status status = wrt_mem_create_config(&config, &own);
          if (status == WRT_ERR_INVALID_HANDLE) return;  // the handle was destroyed
          ASSERT_EQ(status, WRT_OK);
          ASSERT_EQ(wrt_mem_fill(own, 0, 1, kLen), WRT_OK);
          ASSERT_EQ(wrt_mem_reset(own), WRT_OK);
          ASSERT_EQ(bytes_of(own), wanted);
          ASSERT_EQ(wrt_mem_destroy(own), WRT_OK);
        }
      });
    }
    threads.front().join();
    EXPECT_EQ(wrt_image_destroy(image), WRT_OK);
    for (size_t i = 1; i < threads.size(); i++) threads[i].join();
  }
}

}  // namespace
