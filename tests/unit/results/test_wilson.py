from __future__ import annotations

import pytest

from servstd.rollups.wilson import wilson


@pytest.mark.parametrize(
    ("met", "judged", "low", "high"),
    [
        # published and recomputed figures of other libraries' test suites
        (3, 10, 0.1077913, 0.6032219),
        (0, 10, 0.0, 0.2775328),
        (10, 10, 0.7224672, 1.0),
        (100, 200, 0.4313609, 0.5686391),
        (18, 20, 0.6989663547715128, 0.972133518786232),
        (4, 20, 0.0806576625797981, 0.4160174318522935),
    ],
)
def test_it_gives_the_published_figures(met, judged, low, high):
    assert wilson(met, judged) == pytest.approx((low, high), abs=1e-7)


@pytest.mark.parametrize(("met", "judged", "end"), [(0, 38, 0), (38, 38, 1)])
def test_none_and_all_are_exact_at_their_end(met, judged, end):
    assert end in wilson(met, judged)


def test_nothing_judged_has_no_interval():
    assert wilson(0, 0) is None
