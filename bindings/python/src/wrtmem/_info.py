# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What memories, pools, budgets, images and tiers tell of themselves."""

from __future__ import annotations

from typing import NamedTuple

from ._numbers import Features, Flags, Tier, Verify


class MemoryInfo(NamedTuple):
    """What a memory is at the moment; lengths in bytes."""

    tier: Tier
    flags: Flags
    verify: Verify
    len: int
    max_len: int
    page_len: int
    capacity: int
    committed: int
    peak_len: int
    borrows: int
    base_stable: bool
    name: str


class MemoryStats(NamedTuple):
    """What happened to a memory since it was created, or since `clear_stats()`. The first seven with TRACK, else 0."""

    reads: int
    writes: int
    bytes_read: int
    bytes_written: int
    denied: int
    max_access: int
    regions: int
    resizes: int
    resize_failures: int
    verified_blocks: int
    corrupt_blocks: int
    repaired_blocks: int
    skipped_blocks: int


class Change(NamedTuple):
    """One change of length, or a refused one, with its status."""

    before: int
    asked: int
    status: int


class History(NamedTuple):
    """The last changes of length, the oldest first, and the last access that was out of bounds; with TRACK."""

    changes: tuple[Change, ...]
    denied_offset: int
    denied_len: int


class PoolInfo(NamedTuple):
    """What a pool is at the moment."""

    slot_len: int
    slots: int
    used: int
    peak: int
    refused: int


class BudgetInfo(NamedTuple):
    """What a budget is at the moment; bytes, and how many charges it refused."""

    limit: int
    used: int
    peak: int
    refused: int


class ImageInfo(NamedTuple):
    """What an image is; `stored` is how many bytes it takes."""

    len: int
    max_len: int
    page_len: int
    stored: int


class TierInfo(NamedTuple):
    """What this build offers of a tier."""

    available: bool
    max_len: int
    flags: Flags
    features: Features
