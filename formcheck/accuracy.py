"""`formcheck validate`: clips with truth in; table, page, values and comparison out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from formcheck.errors import FormcheckError, UsageError
from formcheck.tables import say_comparison, say_raised, say_validation
from formcheck.terminal import Bars, say_json
from formcheck.validate import output
from formcheck.validate.baseline import Baseline, against, baseline_of, read_baseline
from formcheck.validate.known import samples
from formcheck.validate.run import validate


@dataclass(frozen=True)
class Asked:
    """What the user asked for."""

    folder: Path | None
    """None: the samples."""
    out: Path
    jobs: int | None = None
    baseline: Path | None = None
    renew: bool = False
    json: bool = False


def measure(asked: Asked) -> int:
    """Validate, tell, write; returns the exit status: that of a fault of formcheck itself where a
    figure is worse than the baseline's."""
    if asked.renew and asked.baseline is None:
        raise UsageError("--raise needs the file to write: --baseline FILE.")
    folder = samples() if asked.folder is None else asked.folder
    before = _before(asked)
    output.check_place(asked.out)
    if asked.renew and asked.baseline is not None:
        output.check_place(asked.baseline.parent)
    with Bars() as bars:
        found = validate(folder, bars.show, jobs=asked.jobs)
    output.write(found, asked.out)
    if asked.json:
        say_json(found.line())
    say_validation(found, asked.out)
    comparison = None if before is None else against(found, before)
    if comparison is not None and asked.baseline is not None:
        say_comparison(comparison, asked.baseline)
    if asked.renew and asked.baseline is not None:
        there = {clip.name for clip in found.clips}
        short = () if before is None else tuple(n for n in before.short if n in there)
        output.write_text(asked.baseline, baseline_of(found, short).text())
        say_raised(asked.baseline)
        return 0
    return 0 if comparison is None or comparison.holds else FormcheckError.status


def _before(asked: Asked) -> Baseline | None:
    """The baseline, read before the work; there may be none yet where one is to be written."""
    if asked.baseline is None or (asked.renew and not asked.baseline.exists()):
        return None
    return read_baseline(asked.baseline)
