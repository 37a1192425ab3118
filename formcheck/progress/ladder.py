"""The next step of the ladder: whether to climb, and why, or why not yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from formcheck.programme import Ladder, Rung
from formcheck.progress.past import PastSet
from formcheck.progress.sessions import Session


@dataclass(frozen=True)
class Step:
    """What to do next."""

    climbs: bool
    now: str
    """The rung that the last session was on."""
    says: str
    why: tuple[str, ...]
    """Reasons, in sentences."""


def next_step(done: Sequence[Session], ladder: Ladder) -> Step | None:
    """After the last session; None where there is none, or its mode is on no rung."""
    place = _rung(done, ladder.rungs)
    if place is None:
        return None
    here, higher = ladder.rungs[place], ladder.rungs[place + 1 :]
    mine = [s for s in done[-ladder.sessions :] if s.sets[0].setup.mode == here.mode]
    lacking = [words for session in mine for words in _lacking(session, ladder)]
    if len(mine) < ladder.sessions:
        lacking.append(
            f"{len(mine)} session{'s' * (len(mine) != 1)} so; {ladder.sessions} in a row are asked."
        )
    if lacking or not higher:
        stay = f"Stay with {here.name}: {ladder.sets} good sets of {ladder.reps} reps are the aim."
        return Step(False, here.name, stay, tuple(dict.fromkeys(lacking)))
    why = (
        f"Each of the last {ladder.sessions} sessions had {ladder.sets} sets of {ladder.reps} reps "
        "or more, and nothing gave way in them."
    )
    return Step(True, here.name, higher[0].says, (why,))


def _rung(done: Sequence[Session], rungs: Sequence[Rung]) -> int | None:
    """Where the last session stands, as far as its mode tells."""
    mode = done[-1].sets[-1].setup.mode if done else None
    return next((i for i, r in enumerate(rungs) if mode is not None and r.mode == mode), None)


def _lacking(session: Session, ladder: Ladder) -> Iterator[str]:
    """What a session lacks to climb."""
    day = f"{session.at:%d %b}".lstrip("0")
    if len(session.sets) < ladder.sets:
        n = len(session.sets)
        yield f"{day}: {n} set{'s' * (n != 1)}; {ladder.sets} are asked."
    for n, one in enumerate(session.sets, 1):
        if one.reps < ladder.reps:
            yield f"{day}: {one.reps} reps in set {n}; {ladder.reps} are asked."
        yield from (f"{day}: {words}." for words in _over(one, n, ladder))


def _over(one: PastSet, n: int, ladder: Ladder) -> Iterator[str]:
    """What was over its limit in a set, or was not told."""
    for name, limit, words in ladder.at_most:
        found = one.values.get(name)
        if found is None or found.value is None:
            label = name.replace("_", " ") if found is None else found.label
            yield f"{label[:1].lower()}{label[1:]} was not told of set {n}"
        elif found.value > limit:
            yield words.format(n=n, value=found.value, limit=limit)
