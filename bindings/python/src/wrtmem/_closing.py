# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What memories, pools, budgets and images have in common: one owner of a handle."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any

from ._core import Owner, own
from ._errors import check, failure
from ._library import address_of, pointer
from ._native import ffi

if TYPE_CHECKING:
    from typing_extensions import Self

_DESTROY = {kind: address_of(f"wrt_{kind}_destroy") for kind in ("mem", "pool", "budget", "image")}


def owner_of(kind: str, handle: Any, keep: object, *, in_turn: bool = False) -> Owner:
    """Takes over a handle that the library has just given; `keep` has to outlive it."""
    return own(handle, pointer(handle), _DESTROY[kind], in_turn, keep)


def filled(function: Any, handle: Any, kind: str) -> Any:
    """The struct that a function fills in."""
    out = ffi.new(f"{kind} *")
    out.struct_size = ffi.sizeof(kind)
    check(function(handle, out))
    return out


class Closing:
    """Owns a handle of the library until `close()`, the end of a with statement, or its last reference."""

    __slots__ = ()
    _owner: Owner

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return self._owner.closed

    def close(self) -> None:
        """Gives everything back at once; Busy while it is in use, InvalidHandle the second time."""
        status = self._owner.close()
        if status:
            raise failure(status)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if not self.closed:
            self.close()

    def __reduce__(self) -> str:
        raise TypeError(f"a {type(self).__name__} cannot be pickled")
