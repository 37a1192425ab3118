"""One clip of a batch: the analysis that `formcheck analyze` makes, and its record.

Knows nothing of who asks for it or what runs beside it: a process, or another machine.
"""

from __future__ import annotations

import errno
import time
import traceback
from pathlib import Path

from formcheck import results
from formcheck.analysis import Analysis, Progress, analyze
from formcheck.annotation import thumbnail
from formcheck.batch import limits, stamp
from formcheck.batch.job import Ending, Job, Outcome
from formcheck.batch.records import ClipRecord
from formcheck.errors import FormcheckError, InputError, MissingPartError, OutputError, UsageError
from formcheck.failures import told
from formcheck.files import DISK_FULL, shown, writable
from formcheck.summary import summarised

THUMBNAIL = "thumbnail.jpg"
"""Beside a report, the small picture of its row on the batch's page."""
NO_WRITING = DISK_FULL | {errno.EROFS, errno.EIO}
"""What befalls every clip's output."""
GROWN = (
    "The clip changed while it was being analysed. Run the batch again when it is complete: it "
    "will be analysed then."
)
SMALLER = "Cut out the sets, or save it smaller, such as in 1920 x 1080, and run the batch again."


def work(job: Job, progress: Progress) -> Outcome:
    """Analyse one clip into its folder. Every failure comes back as a record, or as the ending of
    the whole batch where it would befall every clip."""
    started = time.monotonic()
    try:
        record = _result(job, progress)
        return Outcome(job.name, record.model_copy(update={"seconds": time.monotonic() - started}))
    except Exception as error:
        if (found := stamp.finished(job.into, job.key, job.name, job.sha256)) is not None:
            # made meanwhile by a machine of a cluster that was thought lost
            return Outcome(job.name, found.model_copy(update={"folder": job.folder}))
        trace = traceback.format_exc() if job.terms.debug else None
        return _failed(job, error, trace)


def _result(job: Job, progress: Progress) -> ClipRecord:
    results.check_place(job.into, job.path)
    done = analyze(job.path, job.terms.options, progress)
    if done.report.clip is None or done.report.clip.sha256 != job.sha256:
        raise FormcheckError(GROWN)
    picture = thumbnail(done)
    record = _record(job, done, None if picture is None else THUMBNAIL)

    def close(part: Path) -> None:
        if picture is not None:
            (part / THUMBNAIL).write_bytes(picture)
        stamp.seal(part, job.key, record)

    keeping = results.Keeping(stamp.scratch(job.out), close)
    terms = job.terms
    results.write(done, job.into, progress, video=terms.video, freeze=terms.freeze, keeping=keeping)
    stamp.to_disk(job.into.parent)
    return record


def _record(job: Job, done: Analysis, picture: str | None) -> ClipRecord:
    found = summarised(done.report, done.exercise)
    unassessed = found.verdict == "not-assessed"
    return ClipRecord(
        name=job.name,
        status="not-assessed" if unassessed else "ok",
        reason=found.sentence if unassessed else None,
        folder=job.folder,
        thumbnail=picture,
        summary=found,
        sha256=job.sha256,
        size_bytes=_size(job.path),
    )


def _failed(job: Job, error: Exception, trace: str | None) -> Outcome:
    if (clause := limits.refused(error)) is not None:
        return refused(job, "failed", f"{clause[:1].upper()}{clause[1:]}. {SMALLER}")
    known = told(error)
    words = str(known)
    if isinstance(known, MissingPartError) or (
        isinstance(known, OutputError) and _for_all(known, job.out)
    ):
        return Outcome(job.name, ending=Ending(words, known.status), trace=trace)
    status = "unreadable" if isinstance(known, InputError) else "failed"
    ours = not isinstance(known, InputError | OutputError | UsageError) and words != GROWN
    return refused(job, status, _placeless(words, job), trace if ours else None)


def refused(job: Job, status: str, reason: str, trace: str | None = None) -> Outcome:
    """The outcome of a clip without a report."""
    record = ClipRecord.model_validate(
        {"name": job.name, "status": status, "reason": reason, "sha256": job.sha256,
         "size_bytes": _size(job.path)}
    )  # fmt: skip
    return Outcome(job.name, record, trace=trace)


def _for_all(error: OutputError, out: Path) -> bool:
    """Whether no other clip's result could be written either."""
    cause = error.__cause__
    if not isinstance(cause, OSError):
        return False
    if cause.errno in NO_WRITING:
        return True
    try:
        writable(out)
    except OSError:
        return True
    return False


def _placeless(words: str, job: Job) -> str:
    """The reason without the paths that differ from place to place."""
    words = words.replace(shown(job.path), shown(job.name))
    words = words.replace(shown(job.into), f"its folder {shown(job.folder)}")
    return nameless(words, job.name, job.path.name)


def nameless(words: str, *names: str) -> str:
    """The reason without the clip's name before it, which stands beside it anyway."""
    for name in names:
        words = words.removeprefix(f"{shown(name)}: ")
    return words[:1].upper() + words[1:]


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def unwritten(out: Path, error: OSError) -> OutputError:
    """What to tell where the batch's own folder cannot be written."""
    todo = "Choose another folder with --out, and check that it may be written to."
    if error.errno in DISK_FULL:
        todo = "Free some space and run the batch again: what is finished is kept."
    return OutputError(f"{shown(out)}: cannot be written ({error.strerror}). {todo}")
