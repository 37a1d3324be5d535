# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A memory on each tier; and the results as JSON, in the file that WRTMEM_RESULTS names."""

from __future__ import annotations

import collections
import json
import os
from typing import Any

import pytest

import wrtmem
from wrtmem import Memory, Pool, Tier

TIERS = (Tier.STD, Tier.ALLOC, Tier.STATIC)


class Maker:
    """Makes memories on one tier; each of STATIC has a pool with room for its clones."""

    def __init__(self, tier: Tier) -> None:
        self.tier = tier

    def __call__(self, initial_len: int = 0, max_len: int = 1 << 20, **more: Any) -> Memory:
        if self.tier is Tier.STATIC and "pool" not in more:
            more["pool"] = Pool(max_len, 4)
        return Memory(initial_len, max_len, tier=self.tier, **more)

    def offers(self, flag: wrtmem.Flags) -> bool:
        return flag in wrtmem.tier_info(self.tier).flags

    def has(self, feature: wrtmem.Features) -> bool:
        return feature in wrtmem.tier_info(self.tier).features


@pytest.fixture(params=TIERS, ids=lambda tier: tier.name.lower())
def tier(request: pytest.FixtureRequest) -> Tier:
    assert isinstance(request.param, Tier)
    return request.param


@pytest.fixture
def make(tier: Tier) -> Maker:
    return Maker(tier)


# ---- what was run on which tier: a test's mark `what` or its file's WHAT names it

_results: dict[tuple[str, str], str] = {}
_counts: collections.Counter[str] = collections.Counter()
_keys: dict[str, tuple[str, str]] = {}


def pytest_itemcollected(item: pytest.Item) -> None:
    chosen = getattr(getattr(item, "callspec", None), "params", {}).get("tier")
    module: Any = item.module  # type: ignore[attr-defined]
    mark = item.get_closest_marker("what")
    what = mark.args[0] if mark is not None else module.WHAT
    key = chosen.name.lower() if isinstance(chosen, Tier) else getattr(module, "TIER", "-"), what
    _keys[item.nodeid] = key


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when != "call" and report.passed:
        return
    key = _keys[report.nodeid]
    worst = ["passed", "skipped", "failed"]
    _results[key] = max(_results.get(key, "passed"), report.outcome, key=worst.index)
    _counts[key[0]] += 1


def pytest_sessionfinish() -> None:
    path = os.environ.get("WRTMEM_RESULTS")
    if path and _counts:
        on_tiers = {what for tier, what in _results if tier != "-"}
        rows = [
            {"tier": tier, "what": what, "result": result}
            for (tier, what), result in sorted(_results.items())
            if tier != "-" or what not in on_tiers or result != "passed"
        ]
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            json.dump(rows, file, indent=1)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The line that tells how many ran on each tier."""
    terminalreporter.write_line(", ".join(f"{tier}: {n}" for tier, n in sorted(_counts.items())))
