"""The next step of the ladder: whether to climb, and why, or why not yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from formcheck.programme import Ladder, Most, Rung
from formcheck.progress.past import PastSet
from formcheck.progress.sessions import Session

Called = Callable[[str], str]
"""The label of a check."""


@dataclass(frozen=True)
class Step:
    """What to do next."""

    climbs: bool
    now: str
    """The rung that the last session was on."""
    says: str
    why: tuple[str, ...]
    """Reasons, in sentences."""


def next_step(done: Sequence[Session], ladder: Ladder, called: Called = str) -> Step | None:
    """After the last session; None where there is none, or its mode is on no rung."""
    place = _rung(done[-1], ladder.rungs) if done else None
    if place is None:
        return None
    here, lower, higher = ladder.rungs[place], ladder.rungs[:place], ladder.rungs[place + 1 :]
    hard = _too_hard(done[-1], ladder, called)
    if hard and lower:
        return Step(False, here.name, lower[-1].says, (hard,))
    asked = (*ladder.at_most, *here.proof, *(higher[0].at_most if higher else ()))
    mine = [s for s in done[-ladder.sessions :] if _rung(s, ladder.rungs) == place]
    each = (list(_lacking(s, ladder, here, asked, called)) for s in reversed(mine))
    lacking = next((found for found in each if found), [])  # of the last session that lacks any
    if len(mine) < ladder.sessions:
        lacking.append(
            f"{len(mine)} session{'s' * (len(mine) != 1)} so; {ladder.sessions} in a row are asked."
        )
    if lacking or not higher:
        stay = f"Stay with {here.name}: {ladder.sets} good sets of {ladder.reps} reps are the aim."
        return Step(False, here.name, stay, tuple(dict.fromkeys(lacking)))
    return Step(True, here.name, higher[0].says, (_because(ladder),))


def _because(ladder: Ladder) -> str:
    few = f"no more than {ladder.faulty_reps} rep" + "s" * (ladder.faulty_reps != 1)
    return (
        f"Each of the last {ladder.sessions} sessions had {ladder.sets} sets of {ladder.reps} reps "
        f"or more; nothing gave way early in them, and the same fault was in {few} of a set."
    )


def _rung(session: Session, rungs: Sequence[Rung]) -> int | None:
    """Where a session stands: by the mode that was said, and where the rung asks for a proof of it
    that the sets deny, a rung lower."""
    mode = session.sets[-1].setup.mode
    place = next((i for i, r in enumerate(rungs) if r.mode is not None and r.mode == mode), None)
    if not place:
        return place
    denied = [_over(s, n, m) for n, s in enumerate(session.sets, 1) for m in rungs[place].proof]
    return place - 1 if any(value is not None for value, _ in denied) else place


def _too_hard(session: Session, ladder: Ladder, called: Called) -> str | None:
    """What shows that the exercise is too hard yet; None: nothing does."""
    found = sum(s.faults.get(ladder.too_hard, 0) for s in session.sets)
    reps = sum(s.reps for s in session.sets)
    if 2 * found < reps or not found:
        return None
    return f"{_day(session)}: {called(ladder.too_hard)} in {found} of {reps} reps."


def _lacking(
    session: Session, ladder: Ladder, here: Rung, asked: Sequence[Most], called: Called
) -> Iterator[str]:
    """What a session lacks to climb."""
    day = _day(session)
    if len(session.sets) < ladder.sets:
        n = len(session.sets)
        yield f"{day}: {n} set{'s' * (n != 1)}; {ladder.sets} are asked."
    if any(one.reps < ladder.reps for one in session.sets):
        reps = " + ".join(str(one.reps) for one in session.sets)
        yield f"{day}: {reps} reps; {ladder.reps} are asked of each set."
    for n, one in enumerate(session.sets, 1):
        over = (_over(one, n, most) for most in asked)
        yield from (f"{day}: {words}." for _, words in over if words)
        yield from (f"{day}: {words}." for words in _faults(one, n, ladder, here, called))


def _over(one: PastSet, n: int, most: Most) -> tuple[float | None, str]:
    """The value that is over its limit in a set (None: it is not, or is not known), and what is
    said of it; "" where all is well."""
    name, limit, words = most
    found = one.values.get(name)
    if found is None or found.value is None:
        label = name.replace("_", " ") if found is None else found.label
        why = f" ({found.reason.rstrip('.')})" if found is not None and found.reason else ""
        return None, f"{label[:1].lower()}{label[1:]} could not be measured in set {n}{why}"
    if found.value <= limit:
        return None, ""
    return found.value, words.format(n=n, value=found.value, limit=limit)


def _faults(one: PastSet, n: int, ladder: Ladder, here: Rung, called: Called) -> Iterator[str]:
    """What is to be mended in a set before more is put on it."""
    for check, reps in one.faults.items():
        if reps > ladder.faulty_reps and check not in here.allows:
            yield f"{called(check)} in {reps} of {one.reps} reps of set {n}"
    if one.reps_after_stop:
        more = f"{one.reps_after_stop} rep{'s' * (one.reps_after_stop != 1)}"
        yield f"set {n} went on for {more} after the strength had gone"


def _day(session: Session) -> str:
    return f"{session.at:%d %b}".lstrip("0")
