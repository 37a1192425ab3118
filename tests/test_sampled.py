"""Samples in a row, as they come and go."""

import numpy as np
import pytest

from formcheck.sampled import Kept, Samples
from formcheck.smoothing import Sample


def sample(t):
    return Sample(float(t), *(np.array([kind + t, -t]) for kind in (100.0, 200.0, 300.0, 400.0)))


def row(samples, signals):
    table = [(s.value, s.rate, s.raw, s.seen) for s in samples]
    return Samples(np.array([s.t for s in samples]), np.array(table).reshape(-1, 4, signals))


def same(one, other):
    return all(np.array_equal(a, b) for a, b in ((one.t, other.t), (one.table, other.table)))


def test_they_are_the_samples_by_their_kinds():
    told = row([sample(1), sample(2)], 2)
    assert len(told) == 2
    for kind, start in (("value", 100), ("rate", 200), ("raw", 300), ("seen", 400)):
        assert getattr(told, kind).tolist() == [[start + 1, -1], [start + 2, -2]], kind


def test_none_at_all_is_a_row_too():
    assert Kept(2).all.value.shape == (0, 2)


@pytest.mark.parametrize(
    "first, last, inside",
    [(2, 4, [2, 3, 4]), (1.5, 2.5, [2]), (4, np.inf, [4, 5]), (9, 10, []), (np.nan, 3, [])],
)
def test_both_ends_of_a_span_belong_to_it(first, last, inside):
    told = row([sample(t) for t in range(1, 6)], 2)
    assert told.between(first, last).t.tolist() == inside


def test_what_was_given_out_stays_while_others_come_and_go():
    kept, given = Kept(2), []
    for t in range(1000):
        kept.append(sample(t))
        kept.forget(t - 20)
        given.append((kept.all, row([sample(u) for u in range(max(0, t - 20), t + 1)], 2)))
    assert len(kept) == 21
    assert all(same(now, then) for now, then in given)
