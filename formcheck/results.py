"""The folder of a result: written under a temporary name, renamed when whole."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from formcheck.analysis import Analysis, Progress
from formcheck.annotation import annotate, stills
from formcheck.drawing import Holds, Plan
from formcheck.errors import InputError, OutputError
from formcheck.exercise import Exercise
from formcheck.exercises import EXERCISES
from formcheck.files import DISK_FULL, shown, writable
from formcheck.heap import LONG_S
from formcheck.report import Report
from formcheck.reps_table import write_reps
from formcheck.setting import Setting

if TYPE_CHECKING:
    from formcheck.pages.rows import Stills

VIDEO = "annotated.mp4"
RECORDED = "recorded.mp4"
"""What live filmed."""
REPORT = "report.json"
SEAL = ".formcheck-batch.json"
"""The last file of a folder that a batch made."""
NO_NAMES = {"", ".", ".."}
"""Stems such as that of "...mp4", which would lead out of the folder."""
OWN = (
    *(VIDEO, "report.html", "reps.csv", "signals.csv", "pose.npz", "setting.json"),
    *(RECORDED, "live.json", "thumbnail.jpg", SEAL, REPORT),
)
"""All that formcheck writes into a folder; what tells a result comes last."""
UNDER_WAY = ".formcheck-"
"""So begins the name of what is not whole yet."""
_NAME_BYTES = 255
_OWN = {"pose.npz"}
"""What may be analysed again in its own folder, since it is written anew."""


@dataclass(frozen=True)
class Keeping:
    """How a batch wants a result kept."""

    scratch: Path
    """Where it is written until it is whole: on the disk of its final folder."""
    seal: Callable[[Path], None]
    """Called with the folder when all else is written, before it takes its place."""


def folders(sources: Iterable[Path], out: Path) -> dict[Path, Path]:
    """Where the result of each source goes: its name without extension, or where two would share
    a folder, the full file name, or that with a number."""
    sources = list(dict.fromkeys(sources))
    stems = [s.stem for s in sources]
    taken: set[str] = set()
    chosen = {}
    for source in sources:
        alone = stems.count(source.stem) == 1 and source.stem not in NO_NAMES
        name = source.stem if alone else source.name
        unique, n = name, 2
        while unique in taken:
            unique, n = numbered(name, n), n + 1
        taken.add(unique)
        chosen[source] = out / unique
    return chosen


def numbered(name: str, n: int) -> str:
    """The name with a number, still a name that file systems take."""
    tail = f"-{n}"
    return os.fsdecode(os.fsencode(name)[: _NAME_BYTES - len(tail)]) + tail


def read(folder: Path) -> tuple[str, Report, Setting, Exercise]:
    """The result in a folder, its report as it is written and as it is read. Raises InputError
    where there is none."""
    try:
        text = (folder / REPORT).read_text(encoding="utf-8")
        report = Report.model_validate_json(text)
        return text, report, Setting.load(folder / "setting.json"), EXERCISES[report.exercise]
    except (OSError, ValidationError, ValueError, KeyError) as error:
        raise InputError(
            f"{shown(folder)}: this is no result of formcheck ({type(error).__name__}). Expected "
            "the folder that `formcheck analyze` wrote."
        ) from error


def check_place(folder: Path, source: Path, marks: Sequence[str] = (REPORT, SEAL)) -> None:
    """Before the work: raises OutputError where `folder` cannot take the result of `source`."""
    try:
        _refuse_foreign(folder, marks)
        if folder.resolve() in source.resolve().parents and source.name not in _OWN:
            raise OutputError(
                f"{shown(source)} lies in the folder that its result would replace. "
                "Move it, or choose another place with --out."
            )
        writable(folder.parent)
    except OSError as error:
        raise _unwritable(folder, error) from error


def write(
    analysis: Analysis,
    folder: Path,
    progress: Progress,
    *,
    video: bool = True,
    freeze: bool = True,
    beside: Mapping[str, Path] | None = None,
    keeping: Keeping | None = None,
) -> Path:
    """Write all files of a result into `folder`, replacing an older result as a whole.

    freeze: whether the video stands still at each fault and ends with a card. beside: what else is
    to lie there, by its name; copied.
    Raises OutputError where the place cannot be written to, is full, or holds something else.
    """
    with whole(folder, keeping.scratch if keeping else folder.parent) as part:
        film = video and analysis.filmed
        holds = Plan.of(analysis, freeze).holds if film else ()
        with ThreadPoolExecutor(2) as beside_it:  # decoding and coding need no Python
            alone = film and len(analysis.track) * analysis.track.frame_s >= LONG_S
            if alone:  # what both hold would add up, for a hundredth of the time
                annotate(analysis, part / VIDEO, progress, freeze=freeze)
            pictures = beside_it.submit(stills, analysis)
            report = beside_it.submit(_told, analysis, part, film, holds, pictures)
            if film and not alone:
                annotate(analysis, part / VIDEO, progress, freeze=freeze)
            progress("Writing the report", 0.0)
            report.result()
        for name, file in (beside or {}).items():
            shutil.copyfile(file, part / name)
        if keeping is not None:
            keeping.seal(part)
    return folder


def _told(
    analysis: Analysis,
    part: Path,
    film: bool,
    holds: Holds,
    pictures: Future[dict[tuple[int, str], bytes]],
) -> None:
    """All but the video."""
    _data(analysis, part)
    page = _page(analysis, film, holds, pictures.result())
    (part / "report.html").write_text(page, encoding="utf-8")


def _data(analysis: Analysis, part: Path) -> None:
    """All that is no picture."""
    with (part / REPORT).open("w", encoding="utf-8") as file:
        file.writelines(analysis.report.json_parts())
    write_reps(analysis.report, analysis.exercise, part / "reps.csv")
    analysis.curves.write(part / "signals.csv")
    analysis.track.save(part / "pose.npz")
    analysis.setting.save(part / "setting.json")


def _page(analysis: Analysis, film: bool, holds: Holds, pictures: Stills) -> str:
    from formcheck.pages.html import render

    return render(
        analysis.report,
        analysis.curves,
        analysis.exercise,
        video=VIDEO if film else None,
        stills=pictures,
        holds=holds,
    )


def remove(folder: Path) -> bool:
    """Delete what formcheck wrote into the folder of a result, and the folder where nothing else
    lies in it; whether it is gone. Raises OSError."""
    for name in OWN:
        (folder / name).unlink(missing_ok=True)
    if any(folder.iterdir()):
        return False
    folder.rmdir()
    return True


@contextmanager
def whole(folder: Path, scratch: Path, marks: Sequence[str] = (REPORT, SEAL)) -> Iterator[Path]:
    """A temporary folder, which takes the final one's place when nothing went wrong.

    marks: the files of which one says that an older folder may be replaced. Raises OutputError.
    """
    part = scratch / f"{UNDER_WAY}{secrets.token_hex(6)}.part"
    try:
        _refuse_foreign(folder, marks)
        part.mkdir(parents=True)
        yield part
        _replace(part, folder)
    except OSError as error:
        raise _unwritable(folder, error) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _refuse_foreign(folder: Path, marks: Sequence[str] = (REPORT, SEAL)) -> None:
    """Never delete what formcheck has not written."""
    mine = not folder.exists() or any((folder / name).is_file() for name in marks)
    if mine or (folder.is_dir() and not any(folder.iterdir())):
        return
    raise OutputError(
        f"{shown(folder)} exists and is not a result of formcheck; it is left as it is. "
        "Choose another place with --out."
    )


def _replace(part: Path, folder: Path) -> None:
    """Rename `part` to `folder`; an older result goes only once the new one is in its place."""
    old = part.with_suffix(".old")
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists():
        folder.replace(old)
    try:
        part.replace(folder)
    except BaseException:
        if old.exists():
            old.replace(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _unwritable(folder: Path, error: OSError) -> OutputError:
    todo = "Choose another folder with --out, and check that it may be written to."
    if error.errno in DISK_FULL:
        todo = "Free some space, or choose a folder on another disk with --out."
    reason = error.strerror or type(error).__name__
    return OutputError(f"{shown(folder)}: the result could not be written ({reason}). {todo}")
