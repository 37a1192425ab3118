"""The zero-lag low-pass: what a Butterworth run both ways does, for uneven times and gaps."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.interpolate import make_smoothing_spline

from formcheck.filtering import TWO_PASSES, low_pass


def amplitude(t, y, hz):
    """Amplitude and phase (rad) of y at hz, by least squares."""
    basis = np.stack([np.sin(2 * np.pi * hz * t), np.cos(2 * np.pi * hz * t)], 1)
    s, c = np.linalg.lstsq(basis, y, rcond=None)[0]
    return np.hypot(s, c), np.arctan2(c, s)


@pytest.mark.parametrize("fps", [30, 60, 120])
@pytest.mark.parametrize("cutoff", [3.0, 6.0])
def test_at_the_cut_off_the_power_is_halved_without_a_lag(cutoff, fps):
    t = np.arange(int(12 * fps)) / fps
    value, _ = low_pass(t, np.sin(2 * np.pi * cutoff * t), cutoff)
    inner = (t > 2) & (t < 10)
    gain, phase = amplitude(t[inner], value[inner], cutoff)
    assert gain == pytest.approx(1 / np.sqrt(2), rel=0.02)
    assert phase == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize("hz", [0.5, 2.0, 8.0])
def test_the_response_is_that_of_the_field(hz):
    t = np.arange(1200) / 100
    value, _ = low_pass(t, np.sin(2 * np.pi * hz * t), 3.0)
    inner = (t > 3) & (t < 9)
    wanted = 1 / (1 + (hz * TWO_PASSES / 3.0) ** 4)
    assert amplitude(t[inner], value[inner], hz)[0] == pytest.approx(wanted, abs=0.01)


@pytest.mark.parametrize("cutoff", [3.0, 6.0])
def test_the_same_as_a_butterworth_filter_run_both_ways(cutoff):
    from scipy.signal import butter, filtfilt

    t = np.arange(1500) / 100
    rng = np.random.default_rng(7)
    y = 40 * np.sin(1.3 * t) + rng.normal(0, 2.0, len(t))
    b, a = butter(2, cutoff / TWO_PASSES, fs=100)
    inner = (t > 1) & (t < 14)
    mine, field = low_pass(t, y, cutoff)[0][inner], filtfilt(b, a, y)[inner]
    assert np.std(mine - field) < 0.05
    assert np.abs(mine - field).max() < 0.25


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 9999), st.floats(-90, 90), st.floats(-200, 200), st.booleans())
def test_a_straight_line_goes_through_unchanged(seed, a, b, gaps):
    rng = np.random.default_rng(seed)
    t = 100 + np.cumsum(rng.uniform(0.4, 1.6, 80) / 30)
    y = a + b * (t - 100)
    if gaps:
        y[rng.integers(1, 79, 6)] = np.nan
    value, rate = low_pass(t, y, 3.0)
    ok = np.isfinite(value)
    assert ok.sum() > 50
    assert np.allclose(value[ok], (a + b * (t - 100))[ok], atol=1e-4)
    assert np.allclose(rate[ok], b, atol=1e-3)


def test_uneven_times_give_the_same_answer_as_even_ones():
    rng = np.random.default_rng(3)
    even = np.arange(600) / 60
    uneven = np.sort(even + rng.uniform(-0.4, 0.4, 600) / 60)

    def swing(t):
        return 40 * np.sin(2 * np.pi * 0.4 * t) + 5 * np.sin(2 * np.pi * 1.5 * t)

    inner = (even > 1) & (even < 9)
    a = low_pass(even, swing(even), 3.0)
    b = low_pass(uneven, swing(uneven), 3.0)
    for mine, other in zip(a, b, strict=True):
        assert np.interp(even[inner], uneven, other) == pytest.approx(mine[inner], abs=0.6)


def test_the_rate_is_the_slope_of_the_value():
    t = np.arange(300) / 60
    value, rate = low_pass(t, 30 * np.sin(2 * t), 3.0)
    assert rate[30:-30] == pytest.approx(np.gradient(value, t)[30:-30], abs=0.1)


@pytest.mark.parametrize(("lost", "bridged"), [(5, True), (6, False), (20, False)])
def test_gaps(lost, bridged):
    """0.20 s between the neighbours is bridged; beyond it each piece is filtered alone."""
    t = np.arange(120) / 30
    y = 20 * t
    y[60 : 60 + lost] = np.nan
    value, _ = low_pass(t, y, 3.0)
    assert np.isfinite(value[60 : 60 + lost]).all() == bridged
    assert np.isnan(value[60 : 60 + lost]).all() == (not bridged)
    first, _ = low_pass(t[:60], y[:60], 3.0)
    if not bridged:
        assert value[:60] == pytest.approx(first)


def test_nothing_is_made_up_at_the_ends_or_from_too_little():
    t = np.arange(60) / 30
    y = np.where((np.arange(60) < 4) | (np.arange(60) > 55), np.nan, 7.0)
    assert np.array_equal(np.isfinite(low_pass(t, y, 3.0)[0]), np.isfinite(y))
    assert np.isnan(low_pass(t[:4], np.ones(4), 3.0)[0]).all()
    assert np.isnan(low_pass(t, np.full(60, np.nan), 3.0)[0]).all()


@pytest.mark.parametrize("n", [5, 6, 40])
def test_it_is_the_smoothing_spline_of_scipy(n):
    rng = np.random.default_rng(n)
    t, y = np.cumsum(rng.uniform(0.01, 0.08, n)), rng.normal(0, 30, (n, 2))
    curve = make_smoothing_spline(
        t, y, w=np.gradient(t), lam=(2 * np.pi * 3.0 / TWO_PASSES) ** -4.0
    )
    value, rate = low_pass(t, y, 3.0)
    assert value == pytest.approx(curve(t), abs=1e-7)
    assert rate == pytest.approx(curve(t, nu=1), abs=1e-6)


def test_columns_are_filtered_each_for_itself():
    t = np.arange(90) / 30
    y = np.stack([np.sin(t), 40 * np.cos(2 * t)], 1)
    both = low_pass(t, y, 3.0)[0]
    for k in range(2):
        assert both[:, k] == pytest.approx(low_pass(t, y[:, k], 3.0)[0], abs=1e-9)
