// SPDX-License-Identifier: Apache-2.0 OR MIT
// The set of ids that are in use: what pools take slots from, and the handle table its entries.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <random>
#include <set>
#include <thread>
#include <vector>

#include "cpp/core/kernel.h"

namespace {

struct Set {
  std::vector<wrt_k_word> words;
  wrt_k_set set{};

  explicit Set(uint32_t size) : words(wrt_k_set_words(size) + 2) {
    words.front() = words.back() = kGuard;
    wrt_k_set_init(&set, words.data() + 1, size);
  }
  bool guards_stand() const { return words.front() == kGuard && words.back() == kGuard; }

  static constexpr wrt_k_word kGuard = WRT_K_CAST(wrt_k_word, 0x5a5aa5a51234edcb);
};

// ---- all of a small set, at compile time

// Every word of `Depth` operations over a set of `Size` ids, one of them out of range; `used` says what must be in use.
template <uint32_t Size, unsigned Depth>
constexpr bool every_word(const wrt_k_word (&words)[2], unsigned used) {
  wrt_k_word copy[2] = {words[0], words[1]};
  wrt_k_set set{copy, Size, 1, {0}};
  if (!wrt_k_set_holds(&set)) return false;
  for (uint32_t id = 0; id <= Size; id++) {
    if (wrt_k_set_has(&set, id) != (id < Size && (used >> id & 1) != 0)) return false;
  }
  if constexpr (Depth > 0) {
    const uint32_t id = wrt_k_set_claim(&set);
    const bool full = used == (1U << Size) - 1;
    if (full != (id == WRT_K_NONE) || (!full && (id >= Size || (used >> id & 1) != 0))) return false;
    if (!every_word<Size, Depth - 1>(copy, full ? used : used | 1U << id)) return false;
    for (uint32_t back = 0; back <= Size; back++) {
      wrt_k_word other[2] = {words[0], words[1]};
      wrt_k_set again{other, Size, 1, {0}};
      const bool was = back < Size && (used >> back & 1) != 0;
      if (wrt_k_set_release(&again, back) != (was ? WRT_OK : WRT_ERR_INVALID_HANDLE)) return false;
      if (!every_word<Size, Depth - 1>(other, was ? used & ~(1U << back) : used)) return false;
    }
  }
  return true;
}

template <uint32_t Size, unsigned Depth>
constexpr bool every_word_of_a_fresh_set() {
  wrt_k_word words[2] = {};
  wrt_k_set set{};
  wrt_k_set_init(&set, words, Size);
  return wrt_k_set_words(Size) == 1 && set.levels == 1 && every_word<Size, Depth>(words, 0);
}
static_assert(every_word_of_a_fresh_set<1, 5>());
static_assert(every_word_of_a_fresh_set<2, 4>());
static_assert(every_word_of_a_fresh_set<3, 4>());

TEST(IdSet, EveryWordOfClaimsAndReleasesOfASmallSetIsAnsweredRightly) {
  EXPECT_TRUE((every_word_of_a_fresh_set<1, 9>()));
  EXPECT_TRUE((every_word_of_a_fresh_set<3, 7>()));
  EXPECT_TRUE((every_word_of_a_fresh_set<5, 6>()));
}

// ---- sizes at the boundaries of words and levels

class IdSetOfSize : public testing::TestWithParam<uint32_t> {};

TEST_P(IdSetOfSize, GivesEveryIdOnceThenNoneAndTakesEachBackOnce) {
  const uint32_t size = GetParam();
  const uint32_t between_checks = size <= 5000 ? 1 : size / 37;
  Set subject(size);
  wrt_k_set *set = &subject.set;
  ASSERT_TRUE(wrt_k_set_holds(set));
  std::vector<bool> seen(size);
  for (uint32_t i = 0; i < size; i++) {
    const uint32_t id = wrt_k_set_claim(set);
    ASSERT_LT(id, size);
    ASSERT_FALSE(seen[id]) << "given twice: " << id;
    seen[id] = true;
    ASSERT_TRUE(wrt_k_set_has(set, id));
    if (i % between_checks == 0) {
      ASSERT_TRUE(wrt_k_set_holds(set)) << i;
    }
  }
  EXPECT_TRUE(wrt_k_set_holds(set));
  EXPECT_EQ(wrt_k_set_claim(set), WRT_K_NONE);
  EXPECT_EQ(wrt_k_set_claim(set), WRT_K_NONE);
  EXPECT_TRUE(wrt_k_set_holds(set));
  for (uint32_t id : {size, size + 1, (size + 63) / 64 * 64, 0x7fffffffU, 0xffffffffU}) {
    if (id < size) continue;
    EXPECT_EQ(wrt_k_set_release(set, id), WRT_ERR_INVALID_HANDLE);
    EXPECT_FALSE(wrt_k_set_has(set, id));
  }
  std::vector<uint32_t> order(size);
  for (uint32_t i = 0; i < size; i++) order[i] = i;
  std::shuffle(order.begin(), order.end(), std::mt19937(size));
  for (uint32_t i = 0; i < size; i++) {
    ASSERT_EQ(wrt_k_set_release(set, order[i]), WRT_OK);
    ASSERT_EQ(wrt_k_set_release(set, order[i]), WRT_ERR_INVALID_HANDLE) << "a double release";
    if (i % between_checks == 0) {
      ASSERT_TRUE(wrt_k_set_holds(set)) << i;
    }
    if (i % 3 != 0) continue;
    const uint32_t id = wrt_k_set_claim(set);
    ASSERT_NE(id, WRT_K_NONE) << "an id is free";
    ASSERT_EQ(wrt_k_set_release(set, id), WRT_OK);
  }
  EXPECT_TRUE(wrt_k_set_holds(set));
  for (uint32_t id = 0; id < size; id++) ASSERT_FALSE(wrt_k_set_has(set, id));
  EXPECT_TRUE(subject.guards_stand());
}

// The last id that is free is found, wherever it is.
TEST_P(IdSetOfSize, FindsTheOneIdThatIsFree) {
  const uint32_t size = GetParam();
  Set subject(size);
  for (uint32_t i = 0; i < size; i++) ASSERT_NE(wrt_k_set_claim(&subject.set), WRT_K_NONE);
  std::mt19937 random(size);
  for (int turn = 0; turn < 300; turn++) {
    const uint32_t at = turn == 0 ? 0 : turn == 1 ? size - 1 : static_cast<uint32_t>(random() % size);
    ASSERT_EQ(wrt_k_set_release(&subject.set, at), WRT_OK);
    ASSERT_EQ(wrt_k_set_claim(&subject.set), at);
    ASSERT_EQ(wrt_k_set_claim(&subject.set), WRT_K_NONE);
  }
  EXPECT_TRUE(wrt_k_set_holds(&subject.set));
}

TEST_P(IdSetOfSize, AnswersRandomClaimsAndReleasesAsAModelDoes) {
  const uint32_t size = GetParam();
  Set subject(size);
  std::set<uint32_t> used;
  std::mt19937 random(size + 1);
  const int steps = size > 100000 ? 3000 : 20000;
  // Runs up and down, so that it is often full and often empty.
  for (int step = 0; step < steps; step++) {
    const bool rising = step / (1 + static_cast<int>(std::min(size, 400U))) % 2 == 0;
    if (random() % 4 != 0 ? rising : !rising) {
      const uint32_t id = wrt_k_set_claim(&subject.set);
      if (used.size() == size) {
        ASSERT_EQ(id, WRT_K_NONE);
      } else {
        ASSERT_LT(id, size);
        ASSERT_TRUE(used.insert(id).second) << "given twice: " << id;
      }
    } else {
      const bool live = !used.empty() && random() % 8 != 0;
      const auto any = static_cast<uint32_t>(random() % (uint64_t{size} + 70));
      const auto near = used.lower_bound(any);
      const uint32_t id = !live ? any : near == used.end() ? *used.begin() : *near;
      ASSERT_EQ(wrt_k_set_release(&subject.set, id), used.erase(id) == 1 ? WRT_OK : WRT_ERR_INVALID_HANDLE);
      ASSERT_FALSE(wrt_k_set_has(&subject.set, id));
    }
    if (size <= 5000 || step % 100 == 0) {
      ASSERT_TRUE(wrt_k_set_holds(&subject.set)) << step;
    }
  }
  for (uint32_t id : used) ASSERT_TRUE(wrt_k_set_has(&subject.set, id));
  EXPECT_TRUE(subject.guards_stand());
}

INSTANTIATE_TEST_SUITE_P(AtBoundaries, IdSetOfSize,
                         testing::Values(1U, 2U, 31U, 32U, 33U, 63U, 64U, 65U, 127U, 128U, 129U, 1024U, 1025U, 4095U,
                                         4096U, 4097U, 262144U, 262145U));

#if UINTPTR_MAX > 0xffffffffu  // numbers for words of 64 bits
TEST(IdSet, TakesAsManyWordsAsItsLevelsNeed) {
  EXPECT_EQ(wrt_k_set_words(1), 1U);
  EXPECT_EQ(wrt_k_set_words(64), 1U);
  EXPECT_EQ(wrt_k_set_words(65), 2U + 1U);
  EXPECT_EQ(wrt_k_set_words(4096), 64U + 1U);
  EXPECT_EQ(wrt_k_set_words(4097), 65U + 2U + 1U);
  EXPECT_EQ(wrt_k_set_words(262145), 4097U + 65U + 2U + 1U);
}
#endif

// As between two steps of another thread: a word is full, and the summary above does not say so yet.
TEST(IdSet, ASummaryThatLagsBehindLeadsToNoFalseAnswerAndIsMended) {
  constexpr uint32_t kIds = 2 * WRT_K_WORD_BITS;
  Set subject(kIds);
  wrt_k_set &set = subject.set;
  for (uint32_t id = 0; id < WRT_K_WORD_BITS; id++) ASSERT_EQ(wrt_k_set_claim(&set), id);
  wrt_k_word &summary = set.words[set.at[1]];
  ASSERT_NE(summary & 1, 0U);
  summary &= ~wrt_k_word{1};
  ASSERT_FALSE(wrt_k_set_holds(&set));
  EXPECT_EQ(wrt_k_set_claim(&set), WRT_K_WORD_BITS);
  EXPECT_TRUE(wrt_k_set_holds(&set));
  EXPECT_TRUE(subject.guards_stand());
}

TEST(IdSet, TheInvariantNoticesEveryBitOfASummaryAndEveryClosedEnd) {
  const uint32_t size = 64 * 3 + 5;
  Set subject(size);
  for (int i = 0; i < 150; i++) (void)wrt_k_set_claim(&subject.set);
  ASSERT_TRUE(wrt_k_set_holds(&subject.set));
  const uint32_t words = wrt_k_set_words(size);
  const uint32_t level0 = wrt_k_words_above(size);
  for (uint32_t word = 0; word < words; word++) {
    for (uint32_t bit = 0; bit < WRT_K_WORD_BITS; bit++) {
      subject.set.words[word] ^= wrt_k_bit(bit);
      const bool may_be = word < level0 && word * WRT_K_WORD_BITS + bit < size;
      // A flipped id may be just as valid, unless it makes or ends a full word.
      if (!may_be) {
        EXPECT_FALSE(wrt_k_set_holds(&subject.set)) << word << ' ' << bit;
      }
      subject.set.words[word] ^= wrt_k_bit(bit);
    }
  }
  EXPECT_TRUE(wrt_k_set_holds(&subject.set));
}

// ---- threads

class IdSetUnderThreads : public testing::TestWithParam<uint32_t> {};

TEST_P(IdSetUnderThreads, NoIdIsGivenTwiceAndAllAreFoundAgain) {
  constexpr int kThreads = 8;
  const uint32_t size = GetParam();
  Set subject(size);
  std::vector<std::atomic<int>> owner(size);
  std::atomic<int> twice{0};
  std::atomic<int> refused_release{0};
  std::vector<std::vector<uint32_t>> held(kThreads);
  const auto work = [&](int me) {
    std::mt19937 random(static_cast<unsigned>(me) + size);
    std::vector<uint32_t> &mine = held[static_cast<size_t>(me)];
    const size_t most = std::max(1U, size / kThreads + 1);
    for (int step = 0; step < 15000; step++) {
      if (mine.size() < most && random() % 2 == 0) {
        const uint32_t id = wrt_k_set_claim(&subject.set);
        if (id == WRT_K_NONE) continue;
        if (id >= size || owner[id].exchange(me + 1) != 0) twice++;
        mine.push_back(id);
      } else if (!mine.empty()) {
        const size_t at = random() % mine.size();
        const uint32_t id = mine[at];
        mine[at] = mine.back();
        mine.pop_back();
        owner[id].store(0);
        if (wrt_k_set_release(&subject.set, id) != WRT_OK) refused_release++;
      }
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; i++) threads.emplace_back(work, i);
  for (std::thread &thread : threads) thread.join();
  EXPECT_EQ(twice, 0);
  EXPECT_EQ(refused_release, 0);
  EXPECT_TRUE(wrt_k_set_holds(&subject.set)) << "a summary lags behind at rest";
  size_t used = 0;
  for (const auto &mine : held) {
    used += mine.size();
    for (uint32_t id : mine) EXPECT_TRUE(wrt_k_set_has(&subject.set, id));
  }
  // Nobody is inside any more: a claim finds an id as long as one is free.
  for (; used < size; used++) {
    const uint32_t id = wrt_k_set_claim(&subject.set);
    ASSERT_LT(id, size) << size - used << " ids are free";
    ASSERT_EQ(owner[id].exchange(99), 0) << "given twice: " << id;
  }
  EXPECT_EQ(wrt_k_set_claim(&subject.set), WRT_K_NONE);
  EXPECT_TRUE(subject.guards_stand());
  for (uint32_t id = 0; id < size; id++) ASSERT_EQ(wrt_k_set_release(&subject.set, id), WRT_OK);
  for (uint32_t id = 0; id < size; id++) ASSERT_NE(wrt_k_set_claim(&subject.set), WRT_K_NONE);
  EXPECT_TRUE(wrt_k_set_holds(&subject.set));
}

INSTANTIATE_TEST_SUITE_P(SmallAndLarge, IdSetUnderThreads, testing::Values(1U, 3U, 8U, 64U, 65U, 130U, 4097U));

}  // namespace
