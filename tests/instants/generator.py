"""Books and logs by a seeded random.Random: small on purpose, so that boundaries and equal stamps are met often."""

import random
from datetime import UTC, datetime, timedelta

DAY0 = {
    "plain": datetime(2026, 3, 2, 8, tzinfo=UTC),  # a Monday
    "london-spring": datetime(2026, 3, 27, 8, tzinfo=UTC),  # clocks change on Sunday 29 March
    "london-autumn": datetime(2026, 10, 23, 8, tzinfo=UTC),  # Sunday 25 October
    "york-spring": datetime(2026, 3, 6, 12, tzinfo=UTC),  # Sunday 8 March
    "york-autumn": datetime(2026, 10, 30, 12, tzinfo=UTC),  # Sunday 1 November
}
ALL = (
    "calendars",
    "pauses",
    "recurs",
    "signals",
    "reopen",
    "counts",
    "tables",
    "changes",
    "instants",
    "dates",
    "extend",
    "every",
    "late",
    "effective",
)


class Generator:
    """One pair of a book and a log for each seed."""

    def __init__(self, seed, features=ALL, kind="respond"):
        self.random = random.Random(seed)
        self.features, self.kind = set(features), kind

    def chance(self, share, feature=None):
        hit = self.random.random() < share
        return hit and (feature is None or feature in self.features)

    def pick(self, *options):
        return self.random.choice(options)

    # Books -------------------------------------------------------------------------------------------------------
    def book(self):
        self.zone = self.pick("Europe/London", "America/New_York")
        book = {"servstd": 1, "timezone": self.zone, "case": "c"}
        if "calendars" in self.features:
            book["calendars"] = {"one": self.calendar(), "two": self.calendar()}
        book["standards"] = [getattr(self, self.kind)()]
        return book

    def calendar(self):
        calendar = {
            "timezone": self.zone if self.chance(0.8) else self.pick("Europe/London", "America/New_York"),
            "hours": self.hours(),
        }
        if self.chance(0.3):
            calendar["breaks"] = self.pick(
                {"mon-fri": "12:00-12:30"},
                {"daily": "00:30-01:15"},
                {"2026-03-03": "10:00-11:00"},
                {"sun": ["01:30-02:30"]},
            )
        if self.chance(0.3):
            calendar["holidays"] = self.pick(
                ["2026-03-03"],
                ["2026-03-08", "2026-03-09"],
                ["2026-03-30", "2026-10-26"],
                ["2026-11-01", "2026-03-02"],
            )
            if self.chance(0.4):
                calendar["holidays_cut"] = "mask"
        if self.chance(0.25):
            calendar["exceptions"] = self.pick(
                {"2026-03-04": "09:00-10:00"},
                {"2026-03-29": "00:30-03:30"},
                {"2026-10-25": "00:30-02:30"},
                {"2026-03-03": "closed"},
                {"2026-11-01": "01:00-05:00"},
            )
        if self.chance(0.15):
            calendar["versions"] = [
                {"valid_from": self.pick("2026-03-03", "2026-03-09", "2026-10-26"), "hours": self.hours()}
            ]
        return calendar

    def hours(self):
        return self.pick(
            {"mon-fri": "09:00-17:00"},
            {"mon-fri": "09:00-17:30", "sat": ["10:00-12:00", "13:00-14:00"]},
            {"daily": "22:00-06:00"},
            {"mon-fri": "22:00-06:00", "sun": "00:30-02:30"},
            {"sun": "01:00-03:30", "mon-thu": "08:00-20:00"},
            {"daily": "00:00-24:00"},
            {"mon,wed,fri": ["08:00-12:00", "13:00-16:00"]},
            {"sat,sun": "20:00-30:00"},
        )

    def duration(self):
        return self.pick(
            "30 minutes",
            "60 minutes",
            "2 hours",
            "90 minutes",
            "1h30m",
            "PT4H",
            "45 minutes",
            "0.5 hours",
            "1 minute",
        ) + ("")

    # respond ---------------------------------------------------------------------------------------------------
    def respond(self):
        standard = {
            "id": "s",
            "kind": "respond",
            "start": "a",
            "stop": self.pick("b", "b", "b", ["b", "d"], {"event": "b", "where": {"by": "human"}}),
        }
        if self.chance(0.15):
            standard["start"] = {"event": "a", "where": {"n": {"ge": 1}}}
        standard["within"] = self.limit()
        if self.chance(1 if "dates" in self.features else 0.7, "calendars"):
            standard["calendar"] = self.pick("one", "two")
        if self.chance(0.75, "recurs"):
            standard["recurs"] = self.pick("once", "each", "latest", "every")
        if self.chance(0.5, "pauses"):
            standard |= self.pick(
                {"pause": "p", "resume": "r"},
                {"pause_while": {"status": "wait"}},
                {"pause": "p", "resume": ["r", "b"]},
                {"pause": "p", "resume": "r", "pause_while": {"status": "wait"}},
            )
        if self.chance(0.35, "signals"):
            standard["cancel"] = self.pick("x", {"event": "x", "where": {"by": "human"}})
        if self.chance(0.3, "signals"):
            standard["reset"] = "z"
        if self.chance(0.1, "signals"):
            standard["ends"] = "e"
        if self.chance(0.2):
            standard["boundary"] = "exclusive"
        if "dates" in self.features:
            standard["day_rule"] = self.day_rule()
            if "pause" in standard or "pause_while" in standard:
                standard["pauses"] = self.pick("shift", "time", "ignore")
        self.more(standard)
        return standard

    def check(self):
        standard = {
            "id": "s",
            "kind": "check",
            "event": self.pick("a", ["a", "d"]),
            "expect": self.pick(
                {"n": {"ge": 1}},
                {"n": 0},
                {"vip": True, "prio": {"lt": 2}},
                {"any": [{"vip": False}, {"status": "wait"}]},
            ),
        }
        if self.chance(0.4):
            standard |= {
                "for_each": "items",
                "expect": {"ok": self.pick(True, 0, {"ne": 1})},
                "require": self.pick("all", "any", {"at_least": 2}, "90%", "50%", "0.5%"),
            }
        if self.chance(0.4):
            standard["missing_by"] = self.pick("b", "e")
        return standard

    def order(self):
        standard = {
            "id": "s",
            "kind": "order",
            "event": self.pick("b", "d"),
            "needs": self.pick("a", ["a", "p"]),
        }
        if self.chance(0.5):
            standard["at_least"] = self.duration()
        if self.chance(0.5):
            standard["at_most"] = self.pick("5 hours", self.duration())
        if self.chance(0.3):
            standard["fresh"] = True
        if self.chance(0.2):
            standard["immediately"] = True
        if self.chance(0.5, "calendars"):
            standard["calendar"] = self.pick("one", "two")
        if "at_most" in standard and self.chance(0.2):
            standard["boundary"] = "exclusive"
        return standard

    def gauge(self):
        level = self.pick(
            {"plus": "a", "minus": "b"},
            {"plus": ["a", "d"], "minus": ["b", "x"], "initial": 1},
            {"set": "$n", "on": self.pick("a", "u")},
        )
        standard = {
            "id": "s",
            "kind": "gauge",
            "level": level,
            **self.pick({"above": 1}, {"above": 0}, {"below": 1}, {"above": 2, "below": 1}, {"above": 1.5}),
        }
        if self.chance(0.4):
            standard |= {"then": "p", "within": self.duration()}
            if self.chance(0.3):
                standard["on_return"] = "keep"
            if self.chance(0.5, "calendars"):
                standard["calendar"] = self.pick("one", "two")
        elif self.chance(0.5):
            standard["per"] = self.pick("day", "week", "month")
        if self.chance(0.2):
            standard["ends"] = "e"
        return standard

    def quantity(self):
        standard = {"id": "s", "kind": "quantity"}
        how = self.pick("count", "count", "sum", "time_in")
        if how == "time_in":
            standard["time_in"] = self.pick({"status": "wait"}, {"from": "a", "to": "b"}, {"vip": True})
            standard |= self.pick({"at_most": self.duration()}, {"at_least": self.duration()})
            if self.chance(0.5, "calendars"):
                standard["calendar"] = self.pick("one", "two")
        else:
            standard |= (
                {"count": self.pick("a", ["a", "b"])}
                if how == "count"
                else {"sum": {"field": "n", "of": self.pick("a", "u")}}
            )
            standard |= self.pick(
                {"at_most": 1},
                {"at_least": 2},
                {"at_most": 0},
                {"at_least": 1, "at_most": 2},
                {"at_most": 2.5} if how == "sum" else {"at_most": 2},
            )
        if self.chance(0.5):
            standard["per"] = (
                self.pick("day", "day", "week", "month")
                if how != "count" or self.chance(0.6)
                else {"rolling": self.pick("24 hours", "3 hours")}
            )
        else:
            standard |= self.pick(
                {"ends": "e"},
                {"until": "p"},
                {"after": "u", "within": self.duration()},
                {"after": "u", "until": "p"},
                {"within": "5 hours"},
            )
        if "at_most" in standard and self.chance(0.2):
            standard["boundary"] = "exclusive"
        return standard

    def every(self):
        """An update that is due again and again."""
        standard = {
            "id": "s",
            "kind": "respond",
            "every": self.limit(),
            "event": self.pick("u", "u", ["u", "b"]),
        }
        if self.chance(0.6):
            standard["start"] = "a"
        if self.chance(0.7):
            standard["until"] = self.pick("b", "e")
        if self.chance(0.6, "calendars"):
            standard["calendar"] = self.pick("one", "two")
        if self.chance(0.3, "pauses"):
            standard |= {"pause": "p", "resume": "r"}
        if self.chance(0.2):
            standard["boundary"] = "exclusive"
        if self.chance(0.3, "changes"):
            standard["applies_to"] = self.pick(
                {"vip": True}, {"prio": {"ge": 1}}, {"not": {"status": "work"}}
            )
        if self.chance(0.2, "signals"):
            standard["cancel"] = "x"
        return standard

    def attainment(self):
        """A clock with one objective."""
        standard = self.respond()
        objective = self.pick(
            {"share": self.pick("50%", "90%", "100%", {"gt": "50%"}, "less than 50%", {"le": "50%"})},
            {"mean": self.pick("30 minutes", "2 hours", {"lt": "60 minutes"})},
            {"median": "60 minutes"},
            {"p90": "2 hours"},
            {"p50": "30 minutes"},
            {"max": "2 hours"},
            {"count": 1},
            {"rate": "500 per 1000"},
        )
        objective["window"] = self.pick("day", "day", "week", "month", "quarter", "all")
        if self.chance(0.3):
            objective["by"] = self.pick(["m"], ["vip"], "m")
        if "share" in objective and self.chance(0.3):
            objective["weight"] = "$w"
        if self.chance(0.5):
            objective["dated_by"] = self.pick("start", "end", "due")
        if self.chance(0.2):
            objective["min_sample"] = 2
        standard["objectives"] = [objective]
        return standard

    def more(self, standard):
        """The settings that come after the first ones."""
        if standard.get("recurs", "once") == "once" and self.chance(0.5, "reopen"):
            standard["reopen"] = self.pick("ignore", "resume", "count", "new")
            if standard["reopen"] != "ignore" and self.chance(0.5):
                standard["reopen_on"] = self.pick("o", "a")
        elif standard.get("recurs") in ("each", "latest") and self.chance(0.3, "reopen"):
            standard |= {"reopen": self.pick("resume", "count", "new"), "reopen_on": "o"}
        if standard.get("recurs") == "every":
            if self.chance(0.4, "recurs"):
                standard["match"] = "m"
            if self.chance(0.2, "recurs"):
                standard["stop_all"] = "e"
        if self.chance(0.4, "changes"):
            standard["on_change"] = self.pick("carry", "recompute", "restart", "freeze")
        if self.chance(0.3, "changes"):
            standard["applies_to"] = self.pick(
                {"vip": True},
                {"prio": {"ge": 1}},
                {"not": {"status": "work"}},
                {"any": [{"vip": False}, {"prio": 2}]},
            )
        if self.chance(0.35, "changes"):
            rows = [{"when": self.pick({"vip": True}, {"prio": 1}), "within": self.duration()}]
            if "calendars" in self.features:
                rows.append(
                    {
                        "when": self.pick({"status": "work"}, {"prio": {"le": 0}}),
                        "calendar": self.pick("one", "two", "one" if "dates" in self.features else "always"),
                    }
                )
            standard["overrides"] = rows
        if self.chance(0.25, "effective"):
            standard["effective"] = self.pick(
                {"from": "2026-03-03"},
                {"until": "2026-03-04"},
                {"from": "2026-03-07", "until": "2026-10-26"},
                {"from": "2026-03-29"},
                {"from": "2026-10-31"},
            )
        if self.chance(0.3, "extend"):
            standard["extend"] = {
                "event": self.pick("u", "d"),
                **self.pick({"within": self.duration()}, {"by": self.duration()}, {"within": "5 hours"}),
                **({"times": 2} if self.chance(0.4) else {}),
            }

    def dates(self):
        return self.pick(
            "1 day",
            "2 days",
            "1 week",
            "1 month",
            "1 business day",
            "2 business days",
            "3 business days",
            "5 business days",
            "1 day",
        )

    def day_rule(self):
        rule = {}
        if self.chance(0.4):
            rule["cutoff"] = self.pick("14:00", "16:30", "close_of_business")
        if self.chance(0.3):
            rule["early_start"] = "open"
        if self.chance(0.5):
            rule["closed_start"] = self.pick("next_open", "next_day", "previous_day")
        if self.chance(0.3):
            rule["day_one"] = "same"
        if self.chance(0.4):
            rule["roll"] = self.pick("forward", "backward")
        if self.chance(0.5):
            rule["ends"] = self.pick("close_of_business", "same_time", "17:00", "12:00")
        return rule

    def limit(self):
        if "dates" in self.features and self.chance(0.6):
            return self.dates()
        options = [self.duration()]
        if "tables" in self.features:
            options.append({"by": "vip", "true": self.duration(), "false": self.duration()})
            options.append(
                {
                    "by": "prio",
                    "1": self.duration(),
                    "0": self.duration(),
                    **({"else": self.pick(self.duration(), "none")} if self.chance(0.5) else {}),
                }
            )
        if "counts" in self.features and self.chance(0.4):
            options = [
                self.pick(
                    {"count": 1, "of": "a"},
                    {"count": 2, "of": ["u", "p"]},
                    {"count": 0, "of": "u"},
                    {"count": 1, "of": "*"},
                )
            ]
        if "instants" in self.features and self.chance(0.4):
            options = [
                self.pick(
                    "$due",
                    "2 hours before $due",
                    "30 minutes after $due",
                    {"earliest_of": [self.duration(), "$due"]},
                    {"latest_of": [self.duration(), "$due"]},
                    {"earliest_of": [self.duration(), "90 calendar minutes"]},
                    {"latest_of": ["1 hour", "90 calendar minutes"]},
                    "$n hours",
                    "2 calendar hours",
                )
            ]
        return self.random.choice(options)

    # Logs ------------------------------------------------------------------------------------------------------
    def log(self, book):
        base = DAY0[self.pick(*DAY0)]
        rows = []
        ids = self.chance(0.5)
        for case in "123456"[: self.pick(3, 6)] if self.kind == "attainment" else "12"[: self.pick(1, 2)]:
            at = base + timedelta(minutes=self.pick(0, 30, 60, 600))
            for _ in range(self.random.randint(1, 8)):
                rows.append(self.row(case, at))
                at += self.gap()
        self.random.shuffle(rows)
        if not ids:  # without ids nothing says which of two changes of one stamp goes first
            carried = set()
            for row in rows:
                for name in [name for name in row if name not in ("time", "event", "c", "by", "m")]:
                    key = (row["c"], row["time"], name)
                    if key in carried:
                        del row[name]
                    carried.add(key)
        if ids:
            for number, row in enumerate(rows):
                row["id"] = str(number + 5)
        return rows

    def gap(self):
        return self.pick(
            timedelta(0),
            timedelta(0),
            timedelta(minutes=15),
            timedelta(minutes=30),
            timedelta(minutes=30),
            timedelta(minutes=60),
            timedelta(hours=2),
            timedelta(hours=5),
            timedelta(hours=16),
            timedelta(hours=24),
            timedelta(microseconds=1),
            timedelta(minutes=30, microseconds=1),
            timedelta(minutes=90),
            timedelta(days=2),
        )

    def row(self, case, at):
        row = {
            "time": at.isoformat().replace("+00:00", "Z"),
            "event": self.pick("a", "a", "a", "b", "b", "d", "p", "r", "x", "z", "e", "u", "o"),
            "c": case,
        }
        if row["event"] in "bx" and self.chance(0.7):
            row["by"] = self.pick("human", "human", "bot")
        if self.chance(0.6):
            row["n"] = self.pick(0, 1, 2, 2.5, "1")
        if self.chance(0.4):
            row["status"] = self.pick("wait", "work", "", None)
        if self.chance(0.35):
            row["vip"] = self.pick(True, False, "yes", "no", "true", 0)
        if self.chance(0.35):
            row["prio"] = self.pick(0, 1, "1", "0", 2, "1.0")
        if self.chance(0.4, "recurs"):
            row["m"] = self.pick("A", "B")
        if self.chance(0.4, "instants"):
            row["due"] = (
                (
                    at
                    + self.pick(
                        timedelta(minutes=30), timedelta(hours=3), timedelta(days=1), timedelta(hours=-2)
                    )
                )
                .isoformat()
                .replace("+00:00", "Z")
            )
        if self.kind == "attainment":
            row |= {"w": self.pick(1, 2, 0.5, 0), "m": self.pick("A", "B")}
        if self.kind == "check" and self.chance(0.6):
            row["items"] = [
                self.pick({"ok": True}, {"ok": False}, {"ok": 0}, {"ok": 1}, {})
                for _ in range(self.pick(0, 1, 2, 3))
            ]
        return row

    def pair(self):
        book = self.book()
        rows = self.log(book)
        options = {"id": "id"} if "id" in rows[0] else {}
        if "instants" in self.features:
            options["times"] = ["due"]
            if all("due" not in row for row in rows):
                rows[0]["due"] = rows[0]["time"]
        if "unread" in self.features and len(rows) > 1:
            self.random.choice(rows)["time"] = self.pick("soon", "1899-12-31T00:00:00Z")
        as_of = None
        rows_read = [row for row in rows if row["time"] > "19" and row["time"][0] == "2"]
        last = max(row["time"] for row in rows_read)
        if self.chance(0.4):
            as_of = (
                datetime.fromisoformat(last)
                + self.pick(timedelta(0), timedelta(hours=3), timedelta(days=3), timedelta(minutes=30))
            ).isoformat()
        elif self.chance(0.3, "late"):
            as_of = self.pick(*[row["time"] for row in rows_read])
        return book, rows, options, as_of
