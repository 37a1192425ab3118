"""Reading beside the work: on a thread of its own, a few pictures ahead."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Iterator
from contextlib import suppress
from typing import TypeVar

WAITING = 2
"""Pictures that may wait: as many as keep both threads busy; of 4K each is 25 MB."""
TICK_S = 0.1
"""How long the reading waits before it looks whether it is still wanted."""
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
                del item  # pictures are large: none is held while the next one is made
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
            del item
        if failed:
            raise failed[0]
    finally:
        over.set()
        thread.join()


def _hand_over(to: queue.Queue[Item], item: Item, over: threading.Event) -> None:
    """Wait for room, unless nobody will take it any more."""
    while not over.is_set():
        with suppress(queue.Full):
            to.put(item, timeout=TICK_S)
            return
