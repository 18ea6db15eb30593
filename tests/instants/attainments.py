"""Attainments (semantics §7): a statistic of verdicts over a window, against a bound."""

import re
from fractions import Fraction

from .conditions import number
from .facts import text
from .limits import length_of
from .windows import window_of

WORDS = {"less than": "lt", "more than": "gt", "at most": "le", "at least": "ge"}
STATISTICS = ("share", "mean", "median", "max", "count", "rate")


def attain(standard, objective, verdicts, book, as_of, log_begin):
    """The attainments of one objective: {(segment, window start): row}. Windows that hold no verdict are left out."""
    groups = {}
    zone = book.zone_of(standard)
    for verdict in verdicts:
        window = None
        if objective["window"] != "all":
            window = window_of(
                zone, dated(verdict, objective.get("dated_by", "start"), as_of), objective["window"]
            )
        groups.setdefault((segment_of(verdict, objective), window), []).append(verdict)
    rows = {}
    for (segment, window), members in groups.items():
        row = figure(objective, members, standard.get("boundary") == "exclusive")
        row["status"] = status(objective, row, window, as_of, log_begin)
        row.pop("is_met")
        rows[segment, window and window[0]] = row
    return rows


def dated(verdict, by, as_of):
    """§7: dated by start, end or due; a breach without an end by the breach, an open one by as_of."""
    if by == "start":
        return verdict.started_at
    if by == "due" and verdict.due_at is not None:
        return verdict.due_at - 1  # what is due by the end of a window lies in it
    if verdict.ended_at is not None:
        return verdict.ended_at
    if verdict.outcome == "unknown":
        return verdict.started_at  # silent.md 31
    return verdict.breached_at if verdict.breached_at is not None else as_of


def segment_of(verdict, objective):
    """Read off the fields of the case as last known."""
    names = objective.get("by") or []
    names = [names] if isinstance(names, str) else names
    return ", ".join(
        f"{name}={text(verdict.fields[name]) if name in verdict.fields else 'not carried'}" for name in names
    )


def bound_of(objective, exclusive):
    """(statistic, operator, bound); under `boundary: exclusive` a bare figure is `less than`."""
    name = next(key for key in objective if key in STATISTICS or re.fullmatch(r"p[\d.]+", key))
    bound = objective[name]
    operator = None
    if isinstance(bound, dict):
        ((operator, bound),) = bound.items()
    for words, short in WORDS.items():
        if isinstance(bound, str) and bound.startswith(words):
            operator, bound = short, bound[len(words) :].strip()
    if operator is None:
        operator = "ge" if name == "share" else "lt" if exclusive and name not in ("count", "rate") else "le"
    return name, operator, bound


def compare(value, operator, bound):
    return {"lt": value < bound, "le": value <= bound, "gt": value > bound, "ge": value >= bound}[operator]


def figure(objective, members, exclusive):
    name, operator, bound = bound_of(objective, exclusive)
    counts = {
        outcome: sum(one.outcome == outcome for one in members)
        for outcome in ("met", "breached", "open", "excluded", "cancelled", "unknown")
    }
    row = {"judged": counts["met"] + counts["breached"], **counts}
    if name == "share":
        return row | share(objective, members, operator, bound)
    if name == "count":
        value = Fraction(counts["breached"])
        return row | {"exact_value": value, "is_met": compare(value, operator, Fraction(bound))}
    if name == "rate":
        amount, per = bound.split(" per ")
        value = Fraction(counts["breached"] * int(per), row["judged"]) if row["judged"] else None
        return row | {
            "exact_value": value,
            "is_met": value is not None and compare(value, operator, Fraction(amount)),
        }
    return row | spread(name, objective, members, operator, Fraction(length_of(bound)), counts)


def share(objective, members, operator, bound):
    """A lower bound is on what was met, an upper one on what was breached."""
    wanted = "met" if operator in ("ge", "gt") else "breached"
    weigh = lambda one: (
        Fraction(number(one.fields.get(objective["weight"].lstrip("$")))) if "weight" in objective else 1
    )
    judged = [one for one in members if one.outcome in ("met", "breached")]
    total = sum(weigh(one) for one in judged)
    if not total:
        return {"exact_value": None, "is_met": False}
    value = Fraction(sum(weigh(one) for one in judged if one.outcome == wanted), total)
    return {"exact_value": value, "is_met": compare(value, operator, Fraction(bound.rstrip("%")) / 100)}


def spread(name, objective, members, operator, bound, counts):
    """Mean, median, max, percentiles of what cases used; what has not ended counts once it is beyond an upper bound."""
    beyond = lambda one: not compare(Fraction(one.elapsed), operator, bound)
    ended = [one for one in members if one.ended_at is not None and one.outcome in ("met", "breached")]
    running = [one for one in members if one.ended_at is None and one.outcome in ("met", "breached", "open")]
    judged = ended + [one for one in running if operator in ("lt", "le") and beyond(one)]
    used = sorted(Fraction(one.elapsed) for one in judged)
    value = None
    if used:
        if name == "mean":
            value = sum(used) / len(used)
        else:
            rank = {"median": Fraction(1, 2), "max": Fraction(1)}.get(name) or Fraction(name[1:]) / 100
            value = used[
                max(-(-rank.numerator * len(used) // rank.denominator) - 1, 0)
            ]  # nearest rank; the lower one of two
    worse = sum(beyond(one) for one in judged)
    return {
        "judged": len(judged),
        "met": len(judged) - worse,
        "breached": worse,
        "open": len(running) + len(ended) - len(judged),
        "exact_value": value,
        "is_met": value is not None and compare(value, operator, bound),
    }


def status(objective, row, window, as_of, log_begin):
    if window is not None and window[1] > as_of:
        return "provisional"
    if window is not None and window[0] < log_begin:
        return "partial"
    weighs_nothing = "weight" in objective and row["exact_value"] is None  # silent.md 32
    if row["judged"] == 0 and row["unknown"] == 0:
        return "no_data"
    most = Fraction(objective.get("max_unknown", "1%").rstrip("%")) / 100
    if row["unknown"] > most * (row["judged"] + row["unknown"]) or row["judged"] < objective.get(
        "min_sample", 1
    ):
        return "insufficient" if row["judged"] or row["unknown"] else "no_data"
    if weighs_nothing:
        return "no_data"
    return "met" if row["is_met"] else "missed"
