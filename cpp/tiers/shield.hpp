// SPDX-License-Identifier: Apache-2.0 OR MIT
// What a memory holds beside its bytes at STANDARD and above: check values, and at REDUNDANT a second copy with its
// own.
#ifndef WRT_TIERS_SHIELD_HPP
#define WRT_TIERS_SHIELD_HPP

#include "cpp/core/blocks.hpp"
#include "cpp/tiers/alloc_source.hpp"
#include "cpp/tiers/slot_pool.hpp"
#include "cpp/tiers/std_source.hpp"

namespace wrt {

union Backing {
  StdSource::Backing std;
  AllocSource::Backing alloc;
  SlotSource::Backing slot;
};

/// Bytes from a source. base NULL: none.
struct Part {
  Extent extent;
  Backing backing;

  bool held() const noexcept { return extent.bytes.base != nullptr; }
};

/// All of it comes from the memory's own tier. The second copy lies apart: another mapping, another block, another
/// slot.
struct Shield {
  Part checks;
  Part copy;
  Part copy_checks;
};

/// What the shield was good for. In blocks.
struct ShieldStats {
  uint64_t verified;
  uint64_t corrupt;
  uint64_t repaired;
  uint64_t skipped;   // open to a write-borrow when they would have been verified
  uint64_t accesses;  // SAMPLING counts these, from one that it checks to the next
};

}  // namespace wrt

#endif  // WRT_TIERS_SHIELD_HPP
