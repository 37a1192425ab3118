"""Made-up sets of the past, for tests."""

from datetime import UTC, datetime, timedelta

from athlete import NORDIC

from formcheck.measures.measure import Measured
from formcheck.progress.past import PastSet, SetUp, Value

START = datetime(2026, 1, 5, 18, tzinfo=UTC)
BREAK = "break_point_best"


def value(degrees, bound=None, within=2.0, measure=BREAK, width=0.0):
    """width: of its interval between clips."""
    return Value(
        measure=measure,
        label=NORDIC.look.term(measure).label,
        value=degrees,
        unit="deg",
        uncertainty=None if degrees is None else width,
        within=within,
        bound=bound,
    )


def setup(mode="eccentric-concentric", shins=2.0, view="side"):
    """shins: their slope, degrees; None: not told."""
    told = {"unit": "deg", "uncertainty": 3.0, "status": "ok", "source": "-"}
    parts = {} if shins is None else {"shank_pitch": Measured(value=shins, **told)}
    return SetUp(exercise="nordic-curl", mode=mode, view=view, parts=parts)


def past(at, degrees=50.0, *, reps=8, loss=0.0, hips=8.0, hands=0.3, mean=15.0, number=1,
         bound=None, width=0.0, told=None, **how):  # fmt: skip
    """A set at `at`: a moment, or days after the start. width: of the interval of its break point.
    told: fields of the set that are otherwise. how: mode, shins, view."""
    at = at if isinstance(at, datetime) else START + timedelta(days=at)
    others = {
        "break_point_loss": loss,
        "hip_flexion_max": hips,
        "hand_assisted_work_fraction": hands,
        "break_point_mean": mean,
    }
    best = value(degrees, bound, width=width)
    values = {BREAK: best}
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
        first_reps=best if reps > 2 and degrees is not None else None,
        rule="adaptive velocity, 3 Hz",
        rule_speed=24.0,
    ).model_copy(update=told or {})


def session(day, degrees=50.0, sets=3, **how):
    """Sets of one evening, five minutes apart."""
    at = START + timedelta(days=day)
    return [past(at + timedelta(minutes=5 * n), degrees, **how) for n in range(sets)]
