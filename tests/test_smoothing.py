"""The streamed smoother: the same whole or in pieces, exact on parabolas, honest about gaps."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck import smoothing
from formcheck.smoothing import (
    LONGEST_GAP_S,
    SMOOTHING_S,
    Log,
    Sample,
    Smoother,
    local_quadratic,
)

FLOOR = np.array([6.0])
FRAME = 1 / 30


def streamed(t, y, half=SMOOTHING_S, frame_s=FRAME, floor=FLOOR):
    """All samples of a smoother to which the rows were handed one by one."""
    smoother = Smoother(half, floor, frame_s)
    out = [
        s
        for at, v in zip(t, y, strict=True)
        for s in smoother.push(at, np.atleast_1d(v), np.ones(1))
    ]
    return out + smoother.close()


def values(samples):
    return np.array([s.value[0] for s in samples]), np.array([s.rate[0] for s in samples])


@st.composite
def bodies(draw):
    """Uneven times with dropped-out frames, and an angle that swings and jitters over them."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.integers(1, 120))
    t = draw(st.floats(-5, 1e6)) + np.cumsum(rng.uniform(0.5, 1.5, n) * FRAME)
    y = 40 * np.sin(t - t[0]) + rng.normal(0, draw(st.sampled_from([0.0, 1.2])), n)
    y[rng.random(n) < draw(st.sampled_from([0.0, 0.1, 0.4]))] = np.nan
    for first in rng.integers(0, n, draw(st.integers(0, 2))):
        y[first : first + 9] = np.nan
    return t, y


@settings(deadline=None, max_examples=60)
@given(bodies())
def test_streamed_equals_whole(body):
    t, y = body
    samples = streamed(t, y)
    assert [s.t for s in samples] == list(t)
    kept = np.array([s.raw[0] for s in samples])
    taken_out = np.isfinite(y) & ~np.isfinite(kept)
    assert np.array_equal(kept[~taken_out], y[~taken_out], equal_nan=True)
    for mine, whole in zip(values(samples), local_quadratic(t, kept, SMOOTHING_S), strict=True):
        assert np.array_equal(np.isnan(mine), np.isnan(whole))
        assert np.allclose(mine, whole, equal_nan=True, atol=1e-5)


@settings(deadline=None, max_examples=30)
@given(bodies(), st.integers(0, 120))
def test_what_was_given_out_does_not_depend_on_what_comes_later(body, cut):
    t, y = body
    smoother = Smoother(SMOOTHING_S, FLOOR, FRAME)
    early = [s for at, v in zip(t[:cut], y[:cut], strict=True)
             for s in smoother.push(at, np.atleast_1d(v), np.ones(1))]  # fmt: skip
    for mine, later in zip(early, streamed(t, y), strict=False):
        assert mine.t == later.t
        for part in ("value", "rate", "raw"):
            assert np.array_equal(getattr(mine, part), getattr(later, part), equal_nan=True)


@settings(deadline=None, max_examples=30)
@given(st.floats(-90, 90), st.floats(-200, 200), st.floats(-150, 150), st.integers(0, 99))
def test_a_parabola_is_reproduced_exactly(a, b, c, seed):
    t = np.cumsum(np.random.default_rng(seed).uniform(0.5, 1.5, 60) * FRAME)
    value, rate = values(streamed(t, a + b * t + c * t**2, floor=np.array([1e9])))
    assert np.allclose(value, a + b * t + c * t**2, atol=1e-5)
    assert np.allclose(rate, b + 2 * c * t, atol=1e-4)


@pytest.mark.parametrize(
    ("lost", "bridged"), [(1, True), (5, True), (6, False), (7, False), (15, False)]
)
def test_short_gaps_are_bridged_and_long_ones_stay(lost, bridged):
    """At 30 frames a second, 5 lost frames leave 0.20 s between their neighbours."""
    t = np.arange(60) * FRAME
    y = 20 * t
    y[30 : 30 + lost] = np.nan
    assert bridged == ((lost + 1) * FRAME <= LONGEST_GAP_S + 1e-9)
    value, _ = values(streamed(t, y))
    assert np.isfinite(value[:30]).all()
    assert np.isfinite(value[30 + lost :]).all()
    inside = value[30 : 30 + lost]
    assert (
        np.allclose(inside, 20 * t[30 : 30 + lost], atol=1e-6)
        if bridged
        else np.isnan(inside).all()
    )


def test_what_is_missing_at_the_ends_is_not_made_up():
    t = np.arange(40) * FRAME
    y = np.where((np.arange(40) < 3) | (np.arange(40) >= 37), np.nan, 5.0)
    value, _ = values(streamed(t, y))
    assert np.array_equal(np.isfinite(value), np.isfinite(y))


@pytest.mark.parametrize("at", [1, 10, 25, 38])
@pytest.mark.parametrize("jump", [12.0, -60.0])
def test_a_spike_is_taken_out(at, jump):
    t = np.arange(40) * FRAME
    y = 10 * t
    y[at] += jump
    samples = streamed(t, y)
    assert np.isnan(samples[at].raw[0])
    assert np.isfinite([s.raw[0] for i, s in enumerate(samples) if i != at]).all()
    assert np.allclose(values(samples)[0], 10 * t, atol=1e-6)


MOVES = {
    "a slow lowering": lambda t: 12 * t,
    "a fall of 250 degrees a second": lambda t: 250 * np.clip(t - 1, 0, 0.3),
    "a turn at the bottom": lambda t: 80 - 120 * np.abs(t - 1),
    "a sharp onset of a drop": lambda t: 8 * t + 150 * np.clip(t - 1, 0, None) ** 2,
    "an arm that swings": lambda t: 40 * np.sin(2 * np.pi * 1.2 * t),
}


@pytest.mark.parametrize("move", MOVES)
def test_movements_are_no_spikes(move):
    t = np.arange(60) * FRAME
    assert np.isfinite([s.raw[0] for s in streamed(t, MOVES[move](t))]).all()


@pytest.mark.parametrize("fps", [10, 24, 30, 60, 240])
def test_the_latency_that_is_stated_is_kept(fps):
    smoother = Smoother(SMOOTHING_S, FLOOR, 1 / fps)
    waited = [
        at - sample.t
        for at in np.arange(3 * fps) / fps
        for sample in smoother.push(at, np.zeros(1), np.ones(1))
    ]
    assert waited
    assert max(waited) <= smoother.latency + 1 / fps + 1e-9
    assert smoother.latency <= max(0.15 + 3 / fps, 6 / fps)


@pytest.mark.parametrize("fps", [9, 10, 12])
def test_few_frames_a_second_are_smoothed_as_well(fps):
    """The window grows with the time between frames: else there is no smoothing, and NaN at the
    ends (nordic-curl.md 0.5)."""
    t = np.arange(4 * fps) / fps
    noise = np.random.default_rng(1).normal(0, 1.0, len(t))
    value, _ = values(streamed(t, noise, frame_s=1 / fps, floor=np.array([1e9])))
    assert np.isfinite(value).all()
    assert np.std(value) < 0.9 * np.std(noise)


def test_a_long_clip_is_fitted_in_parts_to_the_same_bits(monkeypatch):
    rng = np.random.default_rng(3)
    t = np.cumsum(rng.uniform(0.5, 1.5, 300)) * FRAME
    y = rng.normal(size=(300, 3))
    y[rng.random((300, 3)) < 0.1] = np.nan
    whole = local_quadratic(t, y, 0.25)
    monkeypatch.setattr(smoothing, "AT_ONCE", 64)
    for one, other in zip(whole, local_quadratic(t, y, 0.25), strict=True):
        np.testing.assert_array_equal(one, other)


# --- the log


def logged(many: int) -> Log:
    log = Log()
    for i in range(many):
        row = np.array([i, -i], float)
        log.append(Sample(np.nan, row, row + 1, row + 2, row + 3), i / 30)
    return log


def test_a_log_gives_back_what_it_took():
    log = logged(2500)
    assert len(log) == 2500
    assert log[-1].t == log.last == log.t[-1] == 2499 / 30
    last = log[2499]
    assert [x.tolist() for x in (last.value, last.rate, last.raw, last.seen)] == [
        [2499 + k, -2499 + k] for k in range(4)
    ]
    assert log.table("value")[:, 0].tolist() == [s.value[0] for s in log] == [*range(2500)]
    assert log.table("rate", [1])[7].tolist() == [-6]
    assert [s.t for s in log[2:6:3]] == [2 / 30, 5 / 30]


def test_a_log_that_was_thinned_has_no_raw_values_any_more():
    log = logged(1500)
    log.thin()
    assert log[3].value.tolist() == [3, -3]
    assert np.isnan([log[3].raw, log[3].seen]).all()


def test_an_empty_log_has_no_last_second():
    assert Log().last == -np.inf
    assert Log().table("value", [0]).shape == (0, 1)
    with pytest.raises(IndexError):
        Log()[0]
