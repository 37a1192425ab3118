"""A set before a browser's camera, in a process of its own: the sitting of `formcheck live`, with
the WebSocket as its camera, its screen and its voice.

Whatever the model does here, the server's process goes on. What goes to and fro are plain values.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import queue
import signal
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from formcheck.analysis import Options
from formcheck.errors import FormcheckError, InputError
from formcheck.exercise import Exercise
from formcheck.live.cues import Prompter
from formcheck.live.loop import NOTHING
from formcheck.live.output import Kept
from formcheck.live.run import Live, sit
from formcheck.live.sent import Sent
from formcheck.live.state import Coach, Command, Cue, Light, LiveState, Stage
from formcheck.session import Event
from formcheck.tracking.strips import Make
from formcheck.video.film import Picture

COMES_BACK_S = 20.0
"""A browser that was lost for so long, or sends nothing, has ended its set."""
DRAWS_NICE = 10
"""Drawing gives way to whoever trains by now."""


@dataclass(frozen=True)
class Asked:
    """What is asked of a set."""

    out: Path
    exercise: str
    athlete: str | None
    make: Make | None = None
    """Makes pose models; None: formcheck's own."""


@dataclass
class Booth:
    """Camera, screen and coach in one; `pipe` leads to the server."""

    pipe: Connection
    sent: Sent = field(default_factory=Sent)
    _pressed: queue.SimpleQueue[Command] = field(default_factory=queue.SimpleQueue)
    _cues: queue.SimpleQueue[Cue] = field(default_factory=queue.SimpleQueue)
    _answered: Picture = field(default_factory=lambda: NOTHING.rgb)

    def listen(self) -> None:
        """Take what the server sends, until it ends or says stop."""
        with suppress(EOFError, OSError):
            while (said := self.pipe.recv()) is not None:
                match said:
                    case float(t), bytes(jpeg):
                        self._take(t, jpeg)
                    case str(command):
                        self._pressed.put(command)  # type: ignore[arg-type]
        self.sent.end()

    def _take(self, t: float, jpeg: bytes) -> None:
        try:
            self.sent.hand_over(t, jpeg)
        except InputError as error:
            self.tell({"t_s": t if math.isfinite(t) else None, "error": str(error)})

    def tell(self, said: dict[str, Any]) -> None:
        """Say something to the server, if it is still there."""
        with suppress(OSError):
            self.pipe.send(said)

    # --- the screen

    def show(self, frame: Picture, state: LiveState) -> Sequence[Command]:
        """Answer the picture, once: a screen is shown the last one again where none comes."""
        if frame is not self._answered:
            self._answered = frame
            height, width = frame.shape[:2]
            cues = [self._cues.get() for _ in range(self._cues.qsize())]
            self.tell(told(state, (width, height), cues))
        return [self._pressed.get() for _ in range(self._pressed.qsize())]

    def close(self) -> None:
        """Nothing to put away."""

    def coach(self, exercise: Exercise) -> Coach:
        """The usual coach, whose words are told as well."""
        return _Heard(Prompter(exercise), self._cues)


@dataclass(frozen=True)
class _Heard:
    coach: Coach
    cues: queue.SimpleQueue[Cue]

    def placed(self, t: float, lights: Sequence[Light], stage: Stage) -> Sequence[Cue]:
        return self._passed_on(self.coach.placed(t, lights, stage))

    def heard(self, t: float, events: Sequence[Event]) -> Sequence[Cue]:
        return self._passed_on(self.coach.heard(t, events))

    def _passed_on(self, cues: Sequence[Cue]) -> Sequence[Cue]:
        for cue in cues:
            self.cues.put(cue)
        return cues


def told(state: LiveState, size: tuple[int, int], cues: Sequence[Cue]) -> dict[str, Any]:
    """The answer to a picture: numbers that are not known are null, points are its pixels."""
    pose = state.pose
    landmarks = []
    if pose is not None:
        landmarks = [
            [_number(x, 1), _number(y, 1), _number(seen, 2)]
            for (x, y, _), seen in zip(pose.points.tolist(), pose.visibility.tolist(), strict=True)
        ]
    return {
        "t_s": state.t,
        "phase": state.phase,
        "rep": state.count,
        "angles": {"knee_flexion": _number(state.knee_deg, 1),
                   "hip_flexion": _number(state.hip_deg, 1)},
        "landmarks": landmarks,
        "cues": [asdict(cue) for cue in cues],
        "size": list(size),
        "stage": state.stage,
        "set": state.set_number,
        "side": state.side,
        "lights": [asdict(light) for light in state.lights],
        "cue": state.cue,
        "notice": state.notice,
        "summary": list(state.summary),
        "last_break": _break(state),
        **{name: _number(getattr(state, name), 2) for name in ("descent_s", "target_s", "rest_s")},
    }  # fmt: skip


def _break(state: LiveState) -> dict[str, Any] | None:
    last = state.last_break
    if last is None:
        return None
    numbers = {"value": _number(last.value, 1), "half_width": _number(last.half_width, 1)}
    return {**asdict(last), **numbers}


def _number(value: float, digits: int) -> float | None:
    return round(value, digits) if math.isfinite(value) else None


def _while_served(*_: object) -> None:
    """Raises SystemExit once the server is no more: whoever comes after it takes its sets."""
    server = multiprocessing.parent_process()
    if server is not None and not server.is_alive():
        raise SystemExit


def run(pipe: Connection, asked: Asked) -> None:
    """The life of the process: one sitting, and what is left of it. Ends with its server, but not
    before what there is of a set is kept."""
    for one in (signal.SIGINT, signal.SIGTERM):  # the server's to answer, though sent to all
        signal.signal(one, signal.SIG_IGN)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    booth = Booth(pipe)
    threading.Thread(target=booth.listen, name="server", daemon=True).start()
    live = Live(
        booth.sent,
        asked.out,
        Options(exercise=asked.exercise, athlete_name=asked.athlete, clip_name="live.mp4"),
        coach=booth.coach,
        face=lambda exercise: booth,
        make=asked.make,
        lost_s=COMES_BACK_S,
    )
    sets: list[Kept] = []

    def kept(one: Kept) -> None:
        sets.append(one)
        report = one.report
        booth.tell({"folder": str(one.folder), "exercise": report.exercise,
                    "reps": report.set_.reps, "verdict": report.verdict.status})  # fmt: skip

    def drawn() -> None:
        booth.tell({"over": True})
        if hasattr(os, "nice"):
            os.nice(DRAWS_NICE)
        for one in sets:
            one.draw(_while_served)
            booth.tell({"drawn": str(one.folder)})

    try:
        sit(live, lambda *_: None, kept, draw=False, counts=lambda counts: drawn())
    except FormcheckError as error:
        booth.tell({"failed": str(error)})
    except Exception:
        booth.tell({"failed": "The live analysis failed; that is a fault of formcheck."})
        raise
