"""Reading and writing beside the work: each on a thread of its own, a few pictures apart."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from typing import Self, TypeVar

from formcheck.video.film import Picture

WAITING = 4
"""Pictures that may wait between two threads: 11 MB at 720p."""
TICK_S = 0.1
"""How long a thread waits before it looks whether it is still wanted."""
Item = TypeVar("Item")


def ahead(items: Iterator[Item]) -> Generator[Item]:
    """The same items, read ahead by another thread; to be closed where it is left. Raises what the
    reading raised, where that stood."""
    ready: queue.Queue[Item | None] = queue.Queue(WAITING)
    over = threading.Event()
    failed: list[BaseException] = []

    def read() -> None:
        try:
            for item in items:
                _hand_over(ready, item, over)
                if over.is_set():
                    return
        except BaseException as error:
            failed.append(error)
        _hand_over(ready, None, over)

    thread = threading.Thread(target=read, name="reading", daemon=True)
    thread.start()
    try:
        while (item := ready.get()) is not None:
            yield item
        if failed:
            raise failed[0]
    finally:
        over.set()
        thread.join()


class Behind:
    """A context manager: pictures handed over are written by another thread, in their order.

    Every method raises what the writing raised. On leaving all is written, but for a failure.
    """

    def __init__(self, write: Callable[[Picture, float], None]) -> None:
        """write: takes a picture (H, W, 3), not to be drawn on any more, and its second."""
        self._do = write
        self._todo: queue.Queue[tuple[Picture, float] | None] = queue.Queue(WAITING)
        self._over = threading.Event()
        self._failed: list[BaseException] = []
        self._thread = threading.Thread(target=self._run, name="writing", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is not None:
            self._over.set()
        _hand_over(self._todo, None, self._over)
        self._thread.join()
        if kind is None:
            self._tell()

    def write(self, rgb: Picture, t: float) -> None:
        """Hand a picture over."""
        self._tell()
        _hand_over(self._todo, (rgb, t), self._over)

    def _tell(self) -> None:
        if self._failed:
            raise self._failed[0]

    def _run(self) -> None:
        try:
            while not self._over.is_set():
                with suppress(queue.Empty):
                    one = self._todo.get(timeout=TICK_S)
                    if one is None:
                        return
                    self._do(*one)
        except BaseException as error:
            self._failed.append(error)
        finally:
            self._over.set()


def _hand_over(to: queue.Queue[Item], item: Item, over: threading.Event) -> None:
    """Wait for room, unless nobody will take it any more."""
    while not over.is_set():
        with suppress(queue.Full):
            to.put(item, timeout=TICK_S)
            return
