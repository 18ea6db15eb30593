"""The watermelon check: green outside, red inside: standards met in a window in which the customers are not content."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from servstd.rollups import Attainment
from servstd.standards import Metric
from servstd.standards.measures import OF_CUSTOMERS

if TYPE_CHECKING:
    from servstd.book import Book


class Watermelon(NamedTuple):
    """Be one standard that was met while the customers' score was missed, in the same window and segment.

    Args:
        standard: The attainment that is met.
        customers: The customers' one that is missed.
    """

    standard: Attainment
    customers: Attainment

    @property
    def words(self) -> str:
        """What was kept, and what customers said of it: `reply 97% of 95%, nps 12 of ≥ 30`."""
        return ", ".join(
            f"{one.standard} {one.value_text} of {one.bound_text}" for one in (self.standard, self.customers)
        )


def watermelons(book: Book, attainments: Iterable[Attainment]) -> Iterator[Watermelon]:
    """Yield every standard that is met in a window in which a score of customers is missed.

    A standard that is kept while customers are not content promises the wrong thing, or is measured where customers
    do not feel it. Only windows that decide are compared, and only with the same window of the same segment.

    Args:
        book: The standards; its metrics of surveys say what customers think.
        attainments: Of all of them.
    """
    surveys = {one.id for one in book.judged if isinstance(one, Metric) and one.measure in OF_CUSTOMERS}
    decided = [one for one in attainments if one.is_decided]
    red: dict[tuple[object, ...], list[Attainment]] = {}
    for one in decided:
        if one.standard in surveys and one.status == "missed":
            red.setdefault(_window(one), []).append(one)
    for one in decided:
        if one.standard not in surveys and one.status == "met":
            yield from (Watermelon(one, other) for other in red.get(_window(one), ()))


def _window(one: Attainment) -> tuple[object, ...]:
    return one.window_start, one.window_end, one.segment
