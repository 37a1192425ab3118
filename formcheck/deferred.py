"""Modules that another library asks for and that nobody here may ever use: loaded at first use."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType


class _Later(ModuleType):
    """Stands for a module until something of it is asked for."""

    def __getattr__(self, name: str) -> object:
        _take_back(self)
        return getattr(import_module(self.__name__), name)


@contextmanager
def deferred(*names: str) -> Iterator[None]:
    """Within, who imports one of these modules gets a stand-in for it, which loads the module at
    its first use. Where a part is named its parent is, too; what is loaded already stays, and what
    is not installed is as if it were not named."""
    stands = [_Later(name) for name in names if name not in sys.modules]
    roots = {one.__name__: find_spec(one.__name__) for one in stands if "." not in one.__name__}
    stands = [one for one in stands if roots.get(one.__name__.partition(".")[0])]
    for one in stands:  # who looks for a package finds it, though nobody has loaded it
        one.__spec__ = roots.get(one.__name__)
    sys.modules.update({one.__name__: one for one in stands})
    for one in stands:  # `import parent.part as x` asks the parent for it
        parent, _, part = one.__name__.rpartition(".")
        if isinstance(above := sys.modules.get(parent), _Later):
            setattr(above, part, one)
    try:
        yield
    finally:
        for one in stands:
            _take_back(one)


def _take_back(stand: _Later) -> None:
    """So that the next import finds the module itself."""
    if sys.modules.get(stand.__name__) is stand:
        del sys.modules[stand.__name__]
