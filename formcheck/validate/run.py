"""All clips of a folder, over processes: the same result whatever their number."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from formcheck import __version__, models
from formcheck.analysis import Options, Progress, analyze, is_track
from formcheck.cores import MOST_JOBS, cores
from formcheck.deaf import deaf
from formcheck.errors import InputError, MissingPartError
from formcheck.exercises import DEFAULT, EXERCISES
from formcheck.libraries import missing_library
from formcheck.tracking.pieces import THREADS
from formcheck.validate.aims import aims
from formcheck.validate.compare import Scored, compare, failed
from formcheck.validate.figures import summary
from formcheck.validate.known import Known, known_clips
from formcheck.validate.scores import Validation

CRASHED = "The process that analysed it died. Check the machine's memory, and the clip itself."


def validate(
    folder: Path, progress: Progress, *, jobs: int | None = None, only: Sequence[str] = ()
) -> Validation:
    """Analyse every clip of a folder of which the truth is known, and compare.

    jobs: processes; None: one a core. only: names of clips, where not all are wanted.
    A clip that cannot be analysed is recorded and the rest go on. Raises InputError (folder, truth
    file) and MissingPartError (no clips, model, library); KeyboardInterrupt stops all processes.
    """
    known = [k for k in known_clips(folder) if not only or k.name in only]
    if not all(is_track(k.clip) for k in known):
        models.ensure(progress=lambda words, share: progress(words, share or 0.0))
    return gathered(_scored(known, min(jobs or cores(), MOST_JOBS), progress))


def gathered(scored: Sequence[Scored]) -> Validation:
    """The clips and their figures, whatever order they come in."""
    every = sorted(scored, key=lambda s: s.score.name)
    model = next((s.model_sha256 for s in every if s.model_sha256 is not None), None)
    return Validation(
        formcheck=__version__,
        exercise=DEFAULT,
        model_sha256=model,
        summary=summary(every),
        asked=summary([s for s in every if s.score.awaits is None]),
        exercises={
            name: summary(shown)
            for name in EXERCISES
            if (shown := [s for s in every if s.score.exercise == name])
        },
        aims=aims(every),
        clips=tuple(s.score for s in every),
    )


def options(known: Known) -> Options:
    """What the athlete would say; all else the analysis has to find out."""
    if known.truth is None:
        return Options(exercise=known.judge.name)
    who = known.truth.athlete.model_dump(include={"mass_kg", "height_m", "sex"}, exclude_none=True)
    return Options(exercise=known.judge.name, athlete={**who, "mode": known.truth.mode})


def one(known: Known) -> Scored:
    """One clip: analysed and compared, or why it could not be. Raises MissingPartError."""
    try:
        if not known.clip.is_file():
            raise InputError(f"{known.name}: the clip of this truth is not there.")
        return compare(analyze(known.clip, options(known), lambda *_: None), known)
    except InputError as error:
        return failed(known, str(error))
    except MissingPartError:
        raise
    except Exception as error:  # the rest go on; what went wrong stands in the table
        if (lacking := missing_library(error)) is not None:
            raise lacking from error
        return failed(known, f"A fault of formcheck itself ({type(error).__name__}: {error}).")


def _scored(known: Sequence[Known], jobs: int, progress: Progress) -> list[Scored]:
    """Every clip's score, in the order in which they are done."""
    done: list[Scored] = []

    def note(scored: Scored) -> None:
        done.append(scored)
        progress(
            f"Checked {len(done)} of {len(known)}: {scored.score.name}", len(done) / len(known)
        )

    progress(f"Checking {len(known)} clip{'s' * (len(known) != 1)}", 0.0)
    if min(jobs, len(known)) <= 1:
        for clip in known:
            note(one(clip))
        return done
    crashed = _together(known, min(jobs, len(known)), note)
    for clip in crashed:  # each alone, so that the one that kills its process takes no other along
        if _together([clip], 1, note):
            note(failed(clip, CRASHED))
    return done


def _together(known: Sequence[Known], jobs: int, note: Callable[[Scored], None]) -> list[Known]:
    """Analyse clips over processes; returns those whose process died. The longest files go first,
    so that no core waits for the last one."""
    crashed: list[Known] = []
    with _pool(jobs) as pool:
        with deaf():  # each begins a process, as long as there are fewer than may be
            waiting: dict[Future[Scored], Known] = {
                pool.submit(one, clip): clip for clip in sorted(known, key=_bytes, reverse=True)
            }
        for future in as_completed(waiting):
            try:
                note(future.result())
            except BrokenProcessPool:
                crashed.append(waiting[future])
    return sorted(crashed, key=lambda clip: clip.name)


def _bytes(known: Known) -> int:
    return known.clip.stat().st_size if known.clip.is_file() else 0


@contextlib.contextmanager
def _pool(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Fresh processes (a fork would share the libraries' threads), gone whatever happens."""
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _begin)
    try:
        yield pool
        pool.shutdown()
    except BaseException:  # Ctrl-C, or a part of the machine that every clip would miss
        for child in set(multiprocessing.active_children()) - others:
            child.terminate()
        pool.shutdown(cancel_futures=True)
        raise


def _begin() -> None:
    """In each process: Ctrl-C is the parent's to answer; libraries' advice reaches nobody; the
    other processes have the other cores."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ[THREADS] = "1"
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
