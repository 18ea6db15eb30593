"""What is a number here, and how exactly it is read."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from servstd.statistics.differences import difference_of_means
from servstd.statistics.inputs import bad_count, bad_number, exact
from servstd.statistics.intervals import wilson


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (0.1, Fraction(1, 10)),
        (np.float64(0.1), Fraction(1, 10)),
        (Decimal("0.1"), Fraction(1, 10)),
        (np.int64(3), 3),
        (True, 1),
        (1e300, 10**300),
        (Fraction(2, 3), Fraction(2, 3)),
    ],
)
def test_a_number_is_read_as_it_is_written(value, told):
    assert exact(value) == told


def test_numpys_whole_numbers_do_not_overflow():
    great = np.int64(2**62)
    assert difference_of_means([great, great + 2], [0, 2]).value == -float(2**62)
    assert wilson(np.int64(3), np.int64(10)) == wilson(3, 10)


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), "1", None, 1j, [1]],
)
def test_what_is_no_finite_number_is_refused(value):
    assert bad_number("x", value).code == "SV672"


@pytest.mark.parametrize("value", [10**400, Fraction(10**400, 3), Decimal("1e400"), -1.5, np.float32(2)])
def test_what_is_a_finite_number_is_taken_however_great(value):
    assert bad_number("x", value) is None


@pytest.mark.parametrize("value", [1.0, "1", None, Fraction(1)])
def test_a_count_is_a_whole_number(value):
    assert bad_count("x", value).code == "SV670"
