# SPDX-License-Identifier: Apache-2.0 OR MIT
from __future__ import annotations

import contextlib

from ._closing import Closing, filled, owner_of
from ._errors import check
from ._info import BudgetInfo
from ._native import ffi, lib


class Budget(Closing):
    """A bound over the lengths of many memories, and over other budgets.

    >>> import wrtmem
    >>> budget = wrtmem.Budget(100)
    >>> memory = wrtmem.Memory(60, 1000, budget=budget)
    >>> memory.resize(101)
    Traceback (most recent call last):
    wrtmem.BudgetExceeded: WRT_ERR_BUDGET: a budget refused
    >>> memory.resize(100)
    >>> budget.info().used
    100
    """

    __slots__ = ("__weakref__", "_owner")

    def __init__(self, limit: int, parent: Budget | None = None) -> None:
        if parent is not None and not isinstance(parent, Budget):
            raise TypeError(f"the parent of a budget is a Budget, not {type(parent).__name__}")
        out = ffi.new("wrt_budget **")
        above = None if parent is None else parent._owner
        with contextlib.nullcontext(ffi.NULL) if above is None else above as handle:
            check(lib.wrt_budget_create(limit, handle, out))
        self._owner = owner_of("budget", out[0], above)

    def info(self) -> BudgetInfo:
        """What it is at the moment."""
        with self._owner as budget:
            out = filled(lib.wrt_budget_get_info, budget, "wrt_budget_info")
        return BudgetInfo(out.limit, out.used, out.peak, out.refused)
