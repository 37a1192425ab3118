"""Which clip next, and what became of each: resume, duplicates, one retry, never a long queue.

The largest clips go first, so that the last one holds nobody up for long, and those that failed in
an earlier run last. Of one size they go in the order of their names: of several with the same
content the first by name is the one that is analysed, whatever ended before.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from formcheck.analysis import is_track
from formcheck.batch import stamp
from formcheck.batch.finding import CHECK, Clip
from formcheck.batch.job import Ending, Job, Outcome, Terms
from formcheck.batch.places import places
from formcheck.batch.pool import Lost, Pool
from formcheck.batch.records import ClipRecord, Status, by_name
from formcheck.batch.worker import nameless, refused, unwritten
from formcheck.errors import FormcheckError, InputError
from formcheck.files import sha256, shown
from formcheck.results import SEAL

TRIES = 2
"""How often a clip may take its worker along."""
MOVES = 8
"""How often a clip is begun whose machine was lost."""
WAIT_S = 0.5
GIVEN_UP = (
    "Its analysis was given up after {n} tries: {why}. The file may be damaged; if it plays, "
    "export it anew and run the batch again."
)
REMOVED = "Its folder was removed while the batch ran. Run the batch again."


@dataclass(frozen=True)
class Progressed:
    """What is told of a clip that is done."""

    record: ClipRecord
    taken_over: bool
    """Whether an earlier run had finished it."""
    trace: str | None = None


class EndedError(FormcheckError):
    """The whole batch cannot go on; its status says what a clip ran into."""

    def __init__(self, ending: Ending) -> None:
        super().__init__(f"{ending.words} What is finished is kept: run the batch again to go on.")
        self.status = ending.status


class Schedule:
    """The clips of a batch and what is known of them."""

    def __init__(
        self,
        out: Path,
        terms: Terms,
        key: Callable[[bool], str],
        tell: Callable[[Progressed], None],
    ) -> None:
        """key: of the settings and the version, of a pose track or of a film."""
        self._out, self._terms, self._key, self._tell = out, terms, key, tell
        self._records: dict[str, ClipRecord] = {}
        self._clips: dict[str, Clip] = {}
        self._folders: dict[str, str] = {}
        self._waiting: deque[Clip] = deque()
        self._ready: deque[Job] = deque()
        self._last: deque[Job] = deque()
        self._running: dict[str, Job] = {}
        self._changed: dict[str, Clip] = {}
        self._firsts: dict[tuple[str, bool], str] = {}
        self._lost: Counter[tuple[str, bool]] = Counter()
        self._checked: Counter[str] = Counter()

    @property
    def busy(self) -> bool:
        """Whether anything is still to be done."""
        return bool(self._waiting or self._ready or self._last or self._running)

    def add(self, clips: Iterable[Clip]) -> None:
        """More clips by name, or clips that have changed."""
        for clip in sorted(clips, key=_size, reverse=True):
            if clip.name in self._clips:
                self._forget(clip.name)
            self._clips[clip.name] = clip
            self._waiting.append(clip)
        by_place = {clip.place: name for name, clip in self._clips.items()}
        kept = {self._clips[name].place: folder for name, folder in self._folders.items()}
        placed = places(list(by_place), kept)
        self._folders = {by_place[place]: folder for place, folder in placed.items()}

    def _forget(self, name: str) -> None:
        """What was known of a clip that has changed, and was to be done with it; those of the same
        content come anew."""
        self._records.pop(name, None)
        self._ready = deque(job for job in self._ready if job.name != name)
        self._last = deque(job for job in self._last if job.name != name)
        self._firsts = {k: first for k, first in self._firsts.items() if first != name}
        for twin in [r.name for r in self._records.values() if r.duplicate_of == name]:
            del self._records[twin]
            self._waiting.append(self._clips[twin])

    def records(self) -> list[ClipRecord]:
        """All that is known, by name; a duplicate has its first one's folder."""
        return by_name([self._twin(record) for record in self._records.values()])

    def so_far(self) -> list[ClipRecord]:
        """The same in the middle of it: with what an earlier run finished and this one has not come
        to. Its content is not compared."""
        known = dict(self._records)
        for name, clip in self._clips.items():
            if name not in known and clip.refused is None:
                folder = self._folders[name]
                key = self._key(is_track(clip.path))
                found = stamp.finished(self._out / folder, key, name, None)
                if found is not None:
                    known[name] = found.model_copy(update={"folder": folder})
        return by_name([self._twin(record) for record in known.values()])

    def run(self, pool: Pool) -> None:
        """Until everything is done. Raises EndedError, OutputError; whatever ends it, what ran is
        done anew the next time."""
        while self.busy:
            self.step(pool)
            if not self.busy:
                self.recheck()

    def step(self, pool: Pool) -> None:
        """One look: give out what there is room for, take in what ended."""
        while pool.room() > 0 and (self._ready or self._prepare()):
            if self._ready:
                job = self._ready.popleft()
                self._running[job.name] = job
                pool.submit(job)
        more = not self._ready and self._prepare()  # hashed while the others work
        for ended in pool.next(0.0 if more or not self._running else WAIT_S):
            self._ended(ended)

    def _prepare(self) -> bool:
        """Look at the next clip, which may become a job; False: none is left."""
        if self._waiting:
            self._look(self._waiting.popleft())
            return True
        if self._last:
            self._ready.append(self._last.popleft())
            return True
        return False

    def _look(self, clip: Clip) -> None:
        if clip.name in self._running:  # it changed meanwhile: its turn comes when that has ended
            self._changed[clip.name] = clip
            return
        try:
            digest = None if clip.refused else self._digest(clip)
        except InputError as error:
            clip, digest = replace(clip, refused=nameless(str(error), clip.name)), None
        except OSError as error:
            why = f"It cannot be read ({error.strerror}). {CHECK}"
            clip, digest = replace(clip, refused=why), None
        if digest is None:
            record = ClipRecord(name=clip.name, status="unreadable", reason=clip.refused)
            return self._done(record, taken_over=False)
        content = digest, is_track(clip.path)
        first = self._firsts.setdefault(content, clip.name)
        if first != clip.name:
            return self._done(_duplicate(clip, digest, first), taken_over=False)
        self._asked(clip, digest)

    def _digest(self, clip: Clip) -> str:
        """Of a file that is no larger than clips may be: a few bytes on a disk may say that they
        are a terabyte. Raises InputError, OSError."""
        self._terms.options.caps.refuse_size(Path(clip.name), clip.path.stat().st_size)
        return sha256(clip.path)

    def _asked(self, clip: Clip, digest: str) -> None:
        """A clip that is no duplicate: finished, refused before, or a job."""
        key, folder = self._key(is_track(clip.path)), self._folders[clip.name]
        found = stamp.finished(self._out / folder, key, clip.name, digest)
        before = found or stamp.noted(self._out, key, clip.name, digest)
        job = Job(clip.name, clip.path, digest, self._out, folder, key, self._terms)
        if found is not None:
            self._done(found.model_copy(update={"folder": folder}), taken_over=True)
        elif before is not None and before.status == "unreadable":
            self._done(before, taken_over=True)
        else:
            (self._ready if before is None else self._last).append(job)

    def _ended(self, ended: Outcome | Lost) -> None:
        if isinstance(ended, Lost):
            return self._retry(ended)
        job = self._over(ended.name)
        if ended.ending is not None:
            raise EndedError(ended.ending)
        if ended.record is not None:
            self._finish(job, ended.record, ended.trace)

    def _over(self, name: str) -> Job:
        """A job that runs no more; its clip comes anew where it changed meanwhile."""
        if (clip := self._changed.pop(name, None)) is not None:
            self._waiting.append(clip)
        return self._running.pop(name)

    def _retry(self, lost: Lost) -> None:
        job = self._over(lost.job.name)
        self._lost[job.name, lost.innocent] += 1
        tries = self._lost[job.name, lost.innocent]
        if tries < (MOVES if lost.innocent else TRIES):
            self._ready.appendleft(job)
        else:
            self._fail(job, GIVEN_UP.format(n=tries, why=lost.why))

    def _fail(self, job: Job, reason: str) -> None:
        record = refused(job, "failed", reason).record
        if record is not None:
            self._finish(job, record)

    def _finish(self, job: Job, record: ClipRecord, trace: str | None = None) -> None:
        if not record.reported:
            try:
                stamp.note(self._out, job.key, record)
            except OSError as error:
                raise unwritten(self._out, error) from error
        self._done(record, taken_over=False, trace=trace)

    def _done(self, record: ClipRecord, *, taken_over: bool, trace: str | None = None) -> None:
        self._records[record.name] = record
        self._tell(Progressed(record, taken_over, trace))

    def _twin(self, record: ClipRecord) -> ClipRecord:
        first = self._records.get(record.duplicate_of or "")
        if first is None or first.folder is None:
            return record
        return record.model_copy(update={"folder": first.folder, "thumbnail": first.thumbnail})

    def recheck(self, most: float = TRIES) -> list[Clip]:
        """Do again what was removed behind our back, each clip less than so many times; returns
        those that are to be done anew."""
        again = []
        for record in [r for r in self._records.values() if r.reported]:
            clip = self._clips[record.name]
            if (self._out / (record.folder or "") / SEAL).is_file():
                continue
            self._checked[record.name] += 1
            if self._checked[record.name] < most:
                del self._records[record.name]
                self._waiting.append(clip)
                again.append(clip)
            else:
                failed: Status = "failed"
                update = {"status": failed, "reason": REMOVED, "folder": None, "summary": None}
                self._records[record.name] = record.model_copy(update=update)
        return again


def _size(clip: Clip) -> int:
    """Its bytes; of one that is refused or gone, as if it were empty."""
    try:
        return 0 if clip.refused else clip.path.stat().st_size
    except OSError:
        return 0


def _duplicate(clip: Clip, digest: str, first: str) -> ClipRecord:
    return ClipRecord(
        name=clip.name,
        status="duplicate",
        reason=f"The same content as {shown(first)}.",
        duplicate_of=first,
        sha256=digest,
    )
