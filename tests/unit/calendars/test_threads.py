"""One calendar shared by many threads, all of which make it grow, answers as if each had its own."""

from __future__ import annotations

import random
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from servstd.calendars import Calendar, parse_date_limit
from servstd.calendars.columns import Stack
from servstd.intervals import datetime_utc

DAY = 86_400_000_000
WORDS = {
    "timezone": "America/Sao_Paulo",
    "hours": {"mon-fri": "09:00-17:00"},
    "breaks": {"daily": "12:00-12:30"},
}
LIMIT = parse_date_limit("7 business days", cutoff="14:00", ends="same_time", closed_start="next_open")


def answers(calendar, stack, seed):
    generator = random.Random(seed)
    found = []
    for _ in range(60):
        a, b = (generator.randrange(-9_000 * DAY, 25_000 * DAY) for _ in range(2))
        found.append(calendar.elapsed_us(a, b))
        found.append(calendar.elapsed(datetime_utc(a), datetime_utc(b)))
        found.append(calendar.add_us(a, generator.randrange(90 * DAY)))
        found.append(calendar.due_us(LIMIT, a))
        found.append(calendar.next_close_us(b))
        found += calendar.elapsed_array(np.array([a]), np.array([b])).tolist()
        found += calendar.due_array(LIMIT, np.array([a, b])).tolist()
        found += stack.elapsed_array(np.array([0, 1]), np.array([a, a]), np.array([b, b])).tolist()
    return found


def test_answers_do_not_depend_on_other_threads():
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        shared = Calendar(**WORDS)
        stack = Stack([shared, ~shared])
        with ThreadPoolExecutor(8) as pool:
            together = list(pool.map(lambda seed: answers(shared, stack, seed), range(8)))
    finally:
        sys.setswitchinterval(before)
    alone = Calendar(**WORDS)
    assert together == [answers(alone, Stack([alone, ~alone]), seed) for seed in range(8)]
