"""Made-up sets of the past, for tests."""

from datetime import UTC, datetime, timedelta

from athlete import NORDIC

from formcheck.measures.measure import Measured
from formcheck.progress.past import PastSet, SetUp, Value

START = datetime(2026, 1, 5, 18, tzinfo=UTC)
BREAK = "break_point_best"


def value(degrees, bound=None, within=2.0, measure=BREAK):
    return Value(
        measure=measure,
        label=NORDIC.look.term(measure).label,
        value=degrees,
        unit="deg",
        uncertainty=None if degrees is None else 11.0,
        within=within,
        bound=bound,
    )


def setup(mode="eccentric-concentric", shins=2.0, view="side"):
    """shins: their slope, degrees; None: not told."""
    told = {"unit": "deg", "uncertainty": 3.0, "status": "ok", "source": "-"}
    parts = {} if shins is None else {"shank_pitch": Measured(value=shins, **told)}
    return SetUp(exercise="nordic-curl", mode=mode, view=view, parts=parts)


def past(at, degrees=50.0, *, reps=8, loss=0.0, hips=8.0, number=1, bound=None, **how):
    """A set at `at`: a moment, or days after the start. how: mode, shins, view."""
    at = at if isinstance(at, datetime) else START + timedelta(days=at)
    others = {"break_point_loss": loss, "hip_flexion_max": hips}
    values = {BREAK: value(degrees, bound)}
    values |= {name: value(x, measure=name) for name, x in others.items()}
    return PastSet(
        number=number,
        at=at,
        rest_s=None if number == 1 else 90.0,
        reps=reps,
        zone="hypertrophy",
        setup=setup(**how),
        values=values,
        faults={},
        stop_after_rep=None,
    )


def session(day, degrees=50.0, sets=3, **how):
    """Sets of one evening, five minutes apart."""
    at = START + timedelta(days=day)
    return [past(at + timedelta(minutes=5 * n), degrees, **how) for n in range(sets)]
