"""A source read on a thread of its own: the newest picture only, what is stale dropped and counted.

A source that is lost is tried again until it comes back; meanwhile there is a notice.
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress

from formcheck.errors import FormcheckError, MissingPartError
from formcheck.video.sources import Clock, Shot, Source

RETRY_S = 1.0
"""Between two tries to find a lost source again."""
SILENT_S = 3.0
"""A driver that gives nothing for so long, though it says nothing, is told of."""
LAST_S = 2.0
"""How long a driver that hangs is waited for at the end."""


class Capture:
    """Reads a source; `next` gives its newest picture, or every one of a source that waits."""

    def __init__(
        self, source: Source, clock: Clock = time.monotonic, retry_s: float = RETRY_S
    ) -> None:
        self.source = source
        self.came = self.dropped = self.lost = 0
        """Pictures that came, those of them that nobody took, and how often the source was lost."""
        self.error: Exception | None = None
        """Why it ended, where that was not the source's own end."""
        self._clock, self._retry_s = clock, retry_s
        self._notice, self._since = "", clock()
        self._shot: Shot | None = None
        self._over = False
        self._change = threading.Condition()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="capture", daemon=True)

    def start(self) -> None:
        """Open the source and begin. Raises what opening raises: whatever cannot begin is said at
        once, only what was there is waited for."""
        self.source.open()
        self._since = self._clock()
        self._thread.start()

    def stop(self) -> None:
        """Read no more; what was read and not taken is dropped."""
        self._stopped.set()
        with self._change:
            self._change.notify_all()
        if self._thread.is_alive():
            self._thread.join(LAST_S)

    @property
    def over(self) -> bool:
        """Whether nothing more comes, and all that came was taken or dropped."""
        with self._change:
            return (self._over or self._stopped.is_set()) and self._shot is None

    @property
    def notice(self) -> str:
        """What is wrong with the source now, in words; empty: nothing."""
        silent = self._clock() - self._since > SILENT_S
        hangs = f"No pictures come from {self.source.name}." if silent and not self._over else ""
        return self._notice or hangs

    def next(self, timeout: float = 0.1) -> Shot | None:
        """The newest picture that was not given yet; None where none came in time."""
        with self._change:
            self._change.wait_for(
                lambda: self._shot is not None or self._over or self._stopped.is_set(), timeout
            )
            shot, self._shot = self._shot, None
            self._change.notify_all()
            return shot

    def _run(self) -> None:
        try:
            self._go_on()
        except Exception as error:  # a driver's, which we do not know: nobody is to wait for more
            self.error = error
        finally:
            self._let_go()
            with self._change:
                self._over = True
                self._change.notify_all()

    def _go_on(self) -> None:
        """Until it ends, or breaks, or is stopped."""
        while not self._stopped.is_set():
            try:
                if not self._read():
                    break
            except FormcheckError as error:
                self._let_go()
                if not self.source.live or not isinstance(error, MissingPartError):
                    self.error = error
                    break
                self.lost += 1
                self._notice = f"{error} Waiting for it to come back."
                if not self._found_again():
                    break

    def _read(self) -> bool:
        """One picture; False: there is no more."""
        shot = self.source.read()
        if shot is None:
            return False
        self._notice, self._since = "", self._clock()
        with self._change:
            self.came += 1
            if not self.source.live:  # it waits until it is asked
                self._change.wait_for(lambda: self._shot is None or self._stopped.is_set())
            self.dropped += self._shot is not None
            self._shot = shot
            self._change.notify_all()
        return True

    def _found_again(self) -> bool:
        """Try until it opens; False: stopped meanwhile."""
        while not self._stopped.wait(self._retry_s):
            try:
                self.source.open()
            except FormcheckError:
                continue
            return True
        return False

    def _let_go(self) -> None:
        with suppress(Exception):  # a driver that fails on closing has let go
            self.source.close()
