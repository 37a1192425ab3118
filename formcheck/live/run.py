"""A sitting, whole: from what was asked for to the folders of its sets."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from pathlib import Path

import numpy as np

from formcheck import analysis, results
from formcheck.analysis import Options, Progress
from formcheck.candidates import saved_for
from formcheck.errors import OutputError, UsageError
from formcheck.exercise import Exercise
from formcheck.exercises import AUTO
from formcheck.files import shown
from formcheck.live.course import Done
from formcheck.live.loop import LOST_S, Loop, Parts
from formcheck.live.output import Counts, Kept, Maker
from formcheck.live.people import People
from formcheck.live.recorder import Recorder
from formcheck.live.sitting import Sitting
from formcheck.live.state import Blind, Coach, Cue, Face, Silent, Voice
from formcheck.setting import Athlete, Setting
from formcheck.tracking.strips import Make
from formcheck.video.capture import Capture
from formcheck.video.sources import Clock, Played, Source, Stream
from formcheck.video.webcam import Webcam

DEVICE = "/dev/video"
LATE = ("scipy.linalg", "scipy.optimize", "scipy.special")
"""What is imported only when a set is judged: in the middle of one it would take a second."""


@dataclass(frozen=True)
class Live:
    """What is asked of a sitting."""

    source: str | Source
    """A camera's number, an address, or the path of a film; or a source of one's own."""
    out: Path
    options: Options
    coach: Callable[[Exercise], Coach]
    face: Callable[[Exercise], Face] = lambda exercise: Blind()
    voice: Callable[[], Voice] = Silent
    realtime: bool = True
    """Whether a film is played at its own pace, or as fast as it can be analysed."""
    seconds: float = np.inf
    make: Make | None = None
    """Makes pose models; None: formcheck's own."""
    clock: Clock = time.monotonic
    lost_s: float = LOST_S
    """A source that was lost for so long has ended the set."""
    written: Callable[[Path], None] = lambda folder: None
    """Told of each set's folder as soon as it is there, beside the sitting, in another thread."""


@dataclass
class Sets:
    """The sets of a sitting, as they are kept: `wait` for them once it is over."""

    maker: Maker
    names: Callable[[int], str]
    out: Path
    written: Callable[[Path], None]
    kept: list[Future[Kept]] = field(default_factory=list)
    _writer: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))

    def place(self, number: int) -> Path:
        """Where the recording of the n-th set goes for now."""
        return self.maker.scratch / f"{number}.mp4"

    def ended(self, done: Done, film: Future[Path], counts: Counts, cues: Sequence[Cue]) -> None:
        """Write it beside the sitting, which goes on."""
        folder = self.out / self.names(len(self.kept) + 1)
        job = self._writer.submit(self._keep, done, film, folder, counts, cues)
        self.kept.append(job)

    def _keep(
        self, done: Done, film: Future[Path], folder: Path, counts: Counts, cues: Sequence[Cue]
    ) -> Kept:
        kept = self.maker.keep(done, film, folder, counts, cues)
        self.written(folder)
        return kept

    def wait(self) -> list[Kept]:
        """All of them. Raises OutputError for the first that could not be written."""
        self._writer.shutdown(wait=True)
        return [one.result() for one in self.kept]


def sit(
    live: Live,
    progress: Progress,
    told: Callable[[Kept], None],
    *,
    draw: bool = True,
    counts: Callable[[Counts], None] = lambda counts: None,
) -> bool:
    """Watch, and write what there was to see; whether it was stopped by Ctrl-C.

    told: of every set, once its folder is whole. draw: the annotated videos as well. counts: told
    once how the pictures went. Raises UsageError, InputError (film, setting),
    MissingPartError (camera, model), OutputError.
    """
    exercise, given = _wanted(live.options)
    source = live.source
    if isinstance(source, str):
        source = opened(source, realtime=live.realtime, clock=live.clock)
    model = None if live.make else analysis.model_for(live.options, progress)
    for name in LATE:
        import_module(name)
    names = _names(source)
    scratch = _scratch(live.out, names(1))
    try:
        maker = Maker(live.options, model, scratch, dated=not isinstance(source, Played))
        sets = Sets(maker, names, live.out, live.written)
        parts = partial(_parts, live, exercise, given, source, model)
        stopped, failed, how = _watch(parts, sets)
        for kept in sets.wait():
            if draw:
                kept.draw(progress)
            told(kept)
        counts(how)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    if failed is not None:
        raise failed
    return stopped


def opened(source: str, *, realtime: bool = True, clock: Clock = time.monotonic) -> Source:
    """What --source names, not opened yet. Raises InputError where it is a file and no film."""
    if source.isdigit():
        return Webcam(int(source), clock)
    if source.startswith(DEVICE) and source.removeprefix(DEVICE).isdigit():
        return Webcam(int(source.removeprefix(DEVICE)), clock)
    if "://" in source:
        return Stream(source, clock)
    return Played(Path(source), realtime=realtime, clock=clock)


def _wanted(options: Options) -> tuple[Exercise, Setting | None]:
    if options.exercise == AUTO:
        raise UsageError(
            "--exercise auto: live, it has to be said what is done, so that the first rep can be "
            "counted. Name one of `formcheck exercises`."
        )
    exercises, given = analysis.wanted(options), None
    if options.setting is not None:
        given, exercises = saved_for(options.setting, exercises)
    return exercises[0], given


def _names(source: Source) -> Callable[[int], str]:
    """The folder of the n-th set: a film's own name, else the day and the second."""
    base = (
        Path(source.name).stem
        if isinstance(source, Played)
        else time.strftime("live-%Y%m%d-%H%M%S")
    )
    return lambda n: base if n == 1 else f"{base}-{n}"


def _scratch(out: Path, first: str) -> Path:
    """A place for what is not whole yet, beside the results. Raises OutputError."""
    results.check_place(out / first, Path())
    try:
        out.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=".formcheck-", suffix=".part", dir=out))
    except OSError as error:
        raise OutputError(
            f"{shown(out)}: nothing can be written there ({error.strerror}). Choose another "
            "folder with --out."
        ) from error


def _parts(
    live: Live,
    exercise: Exercise,
    given: Setting | None,
    source: Source,
    model: Path | None,
    sets: Sets,
) -> Parts:
    athlete = Athlete.model_validate(dict(live.options.athlete))
    film = isinstance(source, Played)
    face = live.face(exercise)  # first: where there is no screen, no model is made for nothing
    return Parts(
        capture=Capture(source, live.clock),
        people=People(live.make or _models(model)),
        sitting=Sitting(
            exercise,
            live.coach(exercise),
            athlete=athlete,
            clock="assumed" if film else "known",
            given=given,
            whole=not isinstance(source, Webcam | Stream),
            insists=film,
            fits=partial(analysis.fits, given, live.options),
        ),
        recorder=Recorder(),
        face=face,
        voice=live.voice(),
        place=sets.place,
        ended=sets.ended,
        seconds=live.seconds,
        clock=live.clock,
        lost_s=live.lost_s,
    )


def _models(model: Path | None) -> Make:
    from formcheck.landmarker import Landmarker

    assert model is not None, "there is a model where none is made"
    return partial(Landmarker, model)


def _watch(made: Callable[[Sets], Parts], sets: Sets) -> tuple[bool, Exception | None, Counts]:
    """The loop; whether it was stopped by Ctrl-C, what went wrong, and how the pictures went. What
    there is is kept."""
    parts = made(sets)
    stopped, failed, loop = False, None, Loop(parts)
    try:
        loop.run()
    except KeyboardInterrupt:
        stopped = True
    except Exception as error:
        failed = error
    finally:
        for part in (parts.people, parts.recorder, parts.voice, parts.face):
            part.close()
    return stopped, failed, loop.counts
