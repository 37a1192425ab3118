"""The recording of a set, on a thread of its own: the very pictures that were looked at.

A set begins back-dated, so what comes before it is kept for a while, as JPEG: raw, three seconds of
720p are 250 MB. Once it has begun they are written whenever nothing new comes, and what comes until
then is kept behind them: nobody waits for a second of pictures to be written at once.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from formcheck.errors import FormcheckError, OutputError
from formcheck.video.film import Picture
from formcheck.video.writer import VideoWriter

log = logging.getLogger("formcheck.live")

WAITING = 12
"""Pictures that may wait to be written; who hands over more waits, and the source drops."""
MOST = 600
"""Pictures of a set that may be kept; then the writing is waited for."""
QUALITY = 92
"""Of the JPEGs, per cent."""


class Recorder:
    """Pictures in, a film a set out."""

    def __init__(self) -> None:
        self._todo: queue.Queue[Callable[[], None] | None] = queue.Queue(WAITING)
        self._kept: deque[tuple[float, bytes]] = deque()
        self._writer: VideoWriter | None = None
        self._path, self._since = Path(), 0.0
        self._writing = False
        self._failed: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()

    def push(self, t: float, rgb: Picture, keeps_from: float) -> None:
        """Take the picture (H, W, 3) of t seconds, not to be written to any more. Outside of sets
        those from `keeps_from` on are kept."""
        self._todo.put(partial(self._picture, t, rgb, keeps_from))

    def begin(self, path: Path, since: float) -> None:
        """A set began at `since`, seconds of the capture, and is to be recorded there."""
        self._todo.put(partial(self._begin, path, since))

    def end(self) -> Future[Path]:
        """The set is over: its film, once it is whole. The future may hold an OutputError."""
        done: Future[Path] = Future()
        self._todo.put(partial(self._end, done))
        return done

    def close(self) -> None:
        """Finish what was handed over, and stop."""
        self._todo.put(None)
        self._thread.join()
        if self._writer is not None:
            self._writer.abort()

    def _run(self) -> None:
        while (step := self._next()) is not None:
            try:
                step()
            except Exception as error:  # of the set under way; the next may go well again
                log.debug("the recording failed", exc_info=True)
                self._failed, self._writer = error, None

    def _next(self) -> Callable[[], None] | None:
        """What was handed over; as long as nothing is, what is kept of a set is written."""
        if not (self._writing and self._kept):
            return self._todo.get()
        with suppress(queue.Empty):
            return self._todo.get_nowait()
        return self._write_kept

    def _picture(self, t: float, rgb: Picture, keeps_from: float) -> None:
        if self._writing and not self._kept:
            self._write(t, rgb)
            return
        if not self._writing:
            self._forget(keeps_from)
        if t >= keeps_from:
            _, jpeg = cv2.imencode(".jpg", rgb, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
            self._kept.append((t, jpeg.tobytes()))
        if len(self._kept) > MOST:
            self._write_kept()

    def _forget(self, before: float) -> None:
        while self._kept and self._kept[0][0] < before:
            self._kept.popleft()

    def _begin(self, path: Path, since: float) -> None:
        self._path, self._since, self._failed, self._writing = path, since, None, True
        self._forget(since)

    def _write_kept(self) -> None:
        """Write the oldest picture that was kept."""
        t, jpeg = self._kept.popleft()
        rgb = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
        self._write(t, np.asarray(rgb, np.uint8))

    def _write(self, t: float, rgb: Picture) -> None:
        if self._failed is not None:
            return
        if self._writer is None:
            height, width = rgb.shape[:2]
            self._writer = VideoWriter(self._path, width, height, live=True)
        self._writer.write(rgb, t - self._since)

    def _end(self, done: Future[Path]) -> None:
        try:
            while self._kept:
                self._write_kept()
        except Exception as error:
            self._failed, self._writer = error, None
        self._kept, self._writing = deque(), False
        writer, self._writer = self._writer, None
        try:
            if self._failed is not None:
                raise OutputError(f"{self._path.name}: {self._failed}") from self._failed
            if writer is None:
                raise OutputError(f"{self._path.name}: nothing was recorded of this set.")
            writer.close()
        except FormcheckError as error:
            done.set_exception(error)
        except Exception as error:  # whatever it is, somebody waits for the answer
            done.set_exception(OutputError(f"{self._path.name}: {error}"))
        else:
            done.set_result(self._path)
