"""Clips in turn: each with its heading, its progress, its result and what is told of it."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

from formcheck import analysis, results
from formcheck.analysis import Options
from formcheck.errors import FormcheckError, UsageError
from formcheck.files import shown
from formcheck.terminal import Bars, closing, heading, note, say_json, summarise
from formcheck.usage import tell

FAILED = {3: "could not be read", 4: "lacked a part of this machine", 5: "could not be written"}
"""What came of a clip without a result, by its exit status, for the closing line."""


@dataclass(frozen=True)
class Wanted:
    """What is to come out of an analysis."""

    video: bool = True
    freeze: bool = True
    json: bool = False
    debug: bool = False


def each(clips: list[Path], out: Path, options: Options, wanted: Wanted) -> int:
    """Every clip in turn; returns the highest exit status. What was finished is kept."""
    options = remembered(options)
    analysis.wanted(options)  # what is wrong for every clip is said once
    placed, outcomes, worst = results.folders(clips, out), [], 0
    for number, (clip, folder) in enumerate(placed.items(), 1):
        if len(placed) > 1:
            heading(shown(clip), number, len(placed))
        try:
            outcomes.append(_analyze_one(clip, folder, options, wanted))
        except UsageError:
            raise  # the same for every clip
        except Exception as error:
            if wanted.debug:
                raise
            status = tell(error, clip)
            outcomes.append(FAILED.get(status, "failed"))
            worst = max(worst, status)
    if len(placed) > 1:
        closing(outcomes)
    return worst


def _analyze_one(clip: Path, folder: Path, options: Options, wanted: Wanted) -> str:
    """One clip to its folder; returns the verdict's status."""
    results.check_place(folder, clip)
    with Bars(shown(clip.name)) as bars:
        done = analysis.analyze(clip, options, bars.show)
        results.write(done, folder, bars.show, video=wanted.video, freeze=wanted.freeze)
    if wanted.json:
        say_json(done.report.json_line())
    summarise(done, folder, video=wanted.video and done.filmed)
    if options.athlete_name is not None:
        note_kept(folder, options.athlete_name)
    return done.report.verdict.status


def remembered(options: Options) -> Options:
    """What is asked, with what is known of the athlete who is named. Raises what
    `history.remembered` raises. The database is loaded only then: it takes a fifth of a second."""
    if options.athlete_name is None:
        return options
    from formcheck import history

    return history.remembered(options)


def note_kept(folder: Path, name: str) -> None:
    """Keep a result as an athlete's, and say so."""
    if said := remember(folder, name):
        note(said)


def remember(folder: Path, name: str) -> str:
    """Keep a result as an athlete's; what is to be said of it, "" where nothing is new. A history
    that cannot be written spoils no result: then it is said how to keep it later."""
    from formcheck import history

    ask = ("formcheck", "history", name)
    try:
        outcome = history.keep(folder, name)
    except FormcheckError as error:
        later = shlex.join((*ask, "--add", str(folder)))
        return f"Not kept for {name}: {error} To keep it later: {later}"
    if outcome == "removed":
        return f"No rep is counted in this clip any more: it is taken out of the sets of {name}."
    return f"Kept for {name}: {shlex.join(ask)}" if outcome == "new" else ""
