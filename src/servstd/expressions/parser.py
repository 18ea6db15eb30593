"""Read an expression: a small recursive-descent parser, limited in length and depth; nothing is evaluated."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final, NamedTuple, cast

from servstd.errors import closest, listed
from servstd.expressions.braces import in_braces
from servstd.expressions.nodes import (
    FUNCTIONS,
    LENGTHS,
    Arithmetic,
    Call,
    Constant,
    Expression,
    Field,
    Operator,
    Scope,
    Span,
    refuse,
)
from servstd.expressions.spans import parse_span
from servstd.expressions.values import Absent, Duration
from servstd.intervals import Instant, instant_us
from servstd.models import Model, shown

MOST_CHARACTERS: Final = 2000
MOST_DEPTH: Final = 30

_NAME = r"(?:\$(?:[^\W\d]\w*(?:\.\w+)*|\{[^{}$]+\}))"
_HAS_NAME = re.compile(r"\$(?:[^\W\d]|\{)")
_ESCAPE = re.compile(r"\$\$(?=[^\W\d]|\{)")
_ESCAPED = re.compile(r"\$\$(?:[^\W\d]\w*|\{)")
_ONE_NAME = re.compile(_NAME)
_SPAN = re.compile(rf"(?P<span>.{{1,100}}?)\s(?P<direction>before|after)\s+(?P<anchor>{_NAME})")
_TOKEN = re.compile(
    rf"\s*(?:(?P<name>{_NAME})|(?P<number>[0-9]+(?:\.[0-9]+)?|\.[0-9]+)|(?P<word>[^\W\d]\w*)|(?P<sign>[-+*/(),]))"
)


def parse_expression(data: object) -> Expression:
    """Return the expression that the author wrote.

    Text is an expression if it holds a `$name` (`${any name at all}` for names with spaces or signs); all
    other text is itself, and `$$name` is the text `$name`. A product or quotient needs a number on one side:
    bounds are linear.

    Args:
        data: Text, a number, a boolean, an aware datetime, a timedelta, or an expression.

    Returns:
        A frozen tree with `evaluate(facts, environment)`, `fields` and `sentence()`.

    Raises:
        StandardsError: SV130 cannot be read; SV131 unknown function; SV132 not linear; SV133 a span that is
            none.

    Example:
        >>> parse_expression("ceil($small / 3) + ceil($big / 8)").sentence()
        'the small divided by 3 (rounded up) plus the big divided by 8 (rounded up)'
    """
    if isinstance(data, Constant | Field | Span | Arithmetic | Call):
        return data
    if isinstance(data, str):
        return _from_text(data)
    return Constant(_constant(data))


def parse_figure(data: object, *, names: Collection[str] = ()) -> Expression:
    """Return an expression that is to give a number, where no text can stand: `2 * $people`, `3`.

    Here a word is a slip: of a function, or of a field whose `$` is missing.

    Args:
        data: Text, a number, or an expression.
        names: The names that can be read here besides fields, for the message.

    Raises:
        StandardsError: SV130 to SV132 as `parse_expression`; SV194, a name without `$`.

    Example:
        >>> parse_figure("60 - $wait_s").fields, parse_figure(3)
        (frozenset({'wait_s'}), Constant(value=3))
    """
    if not isinstance(data, str):
        return parse_expression(data)
    return _Arithmetic(_short_enough(data.strip()), names).parsed()


def parse_amount(text: str, *, names: Collection[str] = (), is_one: bool = False) -> tuple[Expression, str]:
    """Return a number or arithmetic, and what is written after it: a unit, or nothing.

    Args:
        text: `95 GBP`, `0.9 * $planned minutes`.
        names: The names that can be read here besides fields, for the message.
        is_one: Whether it ends before the first sign: after `25% of` stands a name, a function or a parenthesis.

    Raises:
        StandardsError: as `parse_figure`.

    Example:
        >>> figure, unit = parse_amount("max(0.1 * $fee, 20) GBP a month")
        >>> figure.sentence(), unit
        ('the greatest of 0.1 times the fee and 20', 'GBP a month')
    """
    return _Arithmetic(_short_enough(text.strip()), names).leading(is_one=is_one)


def is_arithmetic(text: str) -> bool:
    """Tell whether text holds a name, so that it is an expression and not itself.

    Example:
        >>> is_arithmetic("2 * $people"), is_arithmetic("US$ 5"), is_arithmetic("$$name")
        (True, False, False)
    """
    return _HAS_NAME.search(_ESCAPED.sub("", text)) is not None


def field_from(name: str) -> Field:
    """Return the field of a name as written after the dollar: `x`, `event.x`, `case.x`, `{any name}`.

    Example:
        >>> field_from("case.region")
        Field(name='region', scope='case')
    """
    if name.startswith("{"):
        name = name[1:-1].strip()
    scope, dot, rest = name.partition(".")
    if dot and rest and scope in ("event", "case"):
        return Field(rest, cast("Scope", scope))
    return Field(name)


def parse_name(text: str) -> Field:
    """Return the field that is named where nothing but a name can stand: `x`, `$x`, `$case.x`, `${any name}`.

    Args:
        text: A name, with or without its `$`; without it every text is one: `Wait (s)`.

    Raises:
        StandardsError: SV197, arithmetic or a time before an instant.

    Example:
        >>> parse_name("region") == parse_name("$region") == parse_name("${region}")
        True
    """
    if not is_arithmetic(text):
        return Field(text)
    names = _ONE_NAME.findall(text)
    if names == [text.strip()]:
        return field_from(names[0][1:])
    alone = field_from(names[0][1:]).name
    raise refuse(
        "SV197",
        f"`{text[:60]}` is more than a name, and only the name of a field can stand here.",
        f"write `{alone}`.",
    )


def written_names(data: object) -> Iterator[str]:
    """Yield every text in a book that may be the name of a field: keys, values, their words, and `$names`.

    Whatever a book reads by a dotted name, it writes somewhere; which of these texts are names only the log shows.

    Args:
        data: A book, or mappings, lists and texts as one is written.

    Example:
        >>> sorted(set(written_names({"case": "ticket.id", "within": "$sla.days business days"})))[:3]
        ['$sla.days', '$sla.days business days', 'business']
    """
    todo = [data]
    while todo:
        one = todo.pop()
        if isinstance(one, str):
            yield one.strip()
            yield from (word.strip(",;:()[]{}") for word in one.split())
            for found in _ONE_NAME.finditer(one):
                yield found[0][1:].strip("{} ")
                yield field_from(found[0][1:]).name
        elif isinstance(one, Model):
            todo.append(one.model_dump(by_alias=True, exclude_unset=True))
        elif isinstance(one, Mapping):
            todo += [*one, *one.values()]
        elif isinstance(one, list | tuple | set | frozenset):
            todo += one


def _constant(data: object) -> object:
    if isinstance(data, bool | Instant | Duration | Decimal) or type(data) is int:
        return data
    if isinstance(data, float):
        return Decimal(repr(data)) if data == data and abs(data) != float("inf") else _refuse_value(data)  # noqa: PLR0124
    if isinstance(data, datetime):
        if data.tzinfo is None:
            raise refuse(
                "SV146",
                f"the time `{data.isoformat()}` has no zone.",
                "write its offset: `2026-04-01T09:00+01:00`.",
            )
        return Instant(instant_us(data))
    if isinstance(data, date):
        return data.isoformat()
    if isinstance(data, timedelta):
        return Duration(data // timedelta(microseconds=1))
    return _refuse_value(data)


def _refuse_value(data: object) -> object:
    if data is None or isinstance(data, Absent):
        raise refuse(
            "SV130",
            "an empty value cannot be compared with.",
            "to ask whether a field is there: `exists: true`.",
        )
    seen = shown(data)
    raise refuse("SV130", f"expected text, a number, true or false, not `{seen}` ({type(data).__name__}).")


def _from_text(text: str) -> Expression:
    if not is_arithmetic(text):
        return Constant(_ESCAPE.sub("$", text))
    bare = _short_enough(text.strip())
    if _ONE_NAME.fullmatch(bare):
        return field_from(bare[1:])
    if found := _SPAN.fullmatch(bare):
        span = parse_span(found["span"].strip())
        return Span(
            span, "before" if found["direction"] == "before" else "after", field_from(found["anchor"][1:])
        )
    return _Arithmetic(bare).parsed()


def _short_enough(text: str) -> str:
    if len(text) > MOST_CHARACTERS:
        raise refuse("SV130", f"the expression `{text[:40]}…` is longer than {MOST_CHARACTERS:,} characters.")
    return text


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


class _Arithmetic:
    """Parse `term ± term …` over one text, keeping count of depth."""

    def __init__(self, text: str, names: Collection[str] | None = None) -> None:
        self.text = text
        self.names = names
        self.tokens = [*self._tokens(), _Token("end", "", len(text))]
        self.next = 0

    def parsed(self) -> Expression:
        whole, rest = self.leading()
        if not rest:
            return whole
        if self._peek().kind == "word" and self.names is not None:
            message = f"cannot read `{self.text}` at `{rest[:20]}`: a number without a unit is read here."
            raise refuse("SV130", message, in_braces(self.text) or f"leave out `{rest[:20]}`.")
        raise self._unreadable()

    def leading(self, *, is_one: bool = False) -> tuple[Expression, str]:
        """Return what can be read from the beginning, and the text after it."""
        return self._factor(0) if is_one else self._sum(0), self.text[self._peek().at :]

    def _tokens(self) -> Iterator[_Token]:
        at = 0
        while self.text[at:].strip():
            found = _TOKEN.match(self.text, at)
            if not found or not found.lastgroup:
                yield _Token("rest", self.text[at:].lstrip(), len(self.text) - len(self.text[at:].lstrip()))
                return
            yield _Token(found.lastgroup, found[found.lastgroup], found.start(found.lastgroup))
            at = found.end()

    def _peek(self) -> _Token:
        return self.tokens[self.next]

    def _take(self) -> _Token:
        token = self.tokens[self.next]
        self.next += 1
        return token

    def _takes(self, sign: str) -> bool:
        token = self._peek()
        if token.kind == "sign" and token.text in sign:
            self.next += 1
            return True
        return False

    def _sum(self, depth: int) -> Expression:
        if depth > MOST_DEPTH:
            raise refuse("SV130", f"`{self.text[:40]}…` is nested deeper than {MOST_DEPTH} parentheses.")
        left = self._product(depth)
        while self._takes("+-"):
            sign = self.tokens[self.next - 1].text
            left = Arithmetic(cast("Operator", sign), left, self._product(depth))
            self._limit_length(left)
        return left

    def _product(self, depth: int) -> Expression:
        left = self._factor(depth)
        while self._takes("*/"):
            sign = self.tokens[self.next - 1].text
            left = self._linear(sign, left, self._factor(depth))
        return left

    def _factor(self, depth: int) -> Expression:
        token = self._take()
        if token.kind == "number":
            return Constant(Decimal(token.text) if "." in token.text else int(token.text))
        if token.kind == "name":
            return field_from(token.text[1:])
        if token.kind == "word":
            return self._call(token, depth)
        if token.text == "-":
            if depth >= MOST_DEPTH:
                raise self._unreadable(token.at)
            return Arithmetic("-", Constant(0), self._factor(depth + 1))
        if token.text == "(":
            inside = self._sum(depth + 1)
            if not self._takes(")"):
                raise self._unreadable()
            return inside
        raise self._unreadable(token.at)

    def _call(self, token: _Token, depth: int) -> Expression:
        if self._peek().text != "(":
            raise self._nameless(token)
        if token.text not in FUNCTIONS:
            near = closest(token.text, FUNCTIONS)
            known = listed(FUNCTIONS, most=len(FUNCTIONS))
            raise refuse(
                "SV131",
                f"unknown function `{token.text}` in `{self.text}`. Known here: {known}.",
                f"write `{near}(…)`." if near else "only linear arithmetic with these functions is read.",
            )
        self._take()
        arguments = [self._sum(depth + 1)]
        while self._takes(","):
            arguments.append(self._sum(depth + 1))
        if not self._takes(")"):
            raise self._unreadable()
        if token.text not in ("min", "max") and len(arguments) != 1:
            what = "length of time" if token.text in LENGTHS else "number"
            raise refuse("SV130", f"`{token.text}` takes one {what}, not {len(arguments)}, in `{self.text}`.")
        if token.text in LENGTHS and not isinstance(arguments[0], Field):
            raise refuse(
                "SV130",
                f"`{token.text}` takes a field that holds a length of time, and no arithmetic, in `{self.text}`.",
                f"write `2 * {token.text}($elapsed)`, not `{token.text}(2 * $elapsed)`.",
            )
        return Call(token.text, tuple(arguments))

    def _linear(self, sign: str, left: Expression, right: Expression) -> Expression:
        if sign == "*" and left.references and right.references:
            raise refuse(
                "SV132",
                f"`{self.text}` multiplies fields with each other.",
                "one side of `*` must be a number.",
            )
        if sign == "/" and right.references:
            raise refuse(
                "SV132", f"`{self.text}` divides by a field.", "the right side of `/` must be a number."
            )
        if sign == "/" and not _value(right):
            raise refuse("SV132", f"`{self.text}` divides by zero.")
        whole = Arithmetic(cast("Operator", sign), left, right)
        self._limit_length(whole)
        return whole

    def _limit_length(self, _: Expression) -> None:
        """Keep long chains (which nest to the left) from outgrowing the stack of what walks them."""
        if self.next > 10 * MOST_DEPTH:
            raise refuse("SV130", f"`{self.text[:40]}…` has more than {10 * MOST_DEPTH} parts.")

    def _nameless(self, token: _Token) -> Exception:
        """Return the problem of a word that is no function: a field whose `$` is missing, a slip, or plain text."""
        if self.names is None:
            return self._unreadable(token.at)
        there = [*self.names, *FUNCTIONS]
        near = token.text if token.text in self.names else closest(token.text, there)
        written = f"{near}(…)" if near in FUNCTIONS else f"${near or token.text}"
        known = (
            f" Known here besides the fields: {listed([f'${name}' for name in self.names], most=20)}."
            if self.names
            else ""
        )
        place = "" if token.text == self.text else f" in `{self.text}`"
        return refuse(
            "SV194",
            f"`{token.text}`{place} is no function, and a field begins with `$`.{known}",
            in_braces(self.text) or f"write `{written}`.",
        )

    def _unreadable(self, at: int | None = None) -> Exception:
        where = self._peek().at if at is None else at
        rest = self.text[where : where + 20]
        seen = f"at `{rest}`" if rest else "at its end"
        return refuse(
            "SV130",
            f"cannot read the expression `{self.text}` {seen}.",
            (
                in_braces(self.text)
                or "write `$name`, `48 hours before $name`, or arithmetic such as `ceil($name / 3) + 1`."
            )
            + " In plain text write `$$` for a dollar sign.",
        )


def _value(constant: Expression) -> object:
    from servstd.expressions.values import FieldFacts  # noqa: PLC0415 - constants read no facts

    return constant.evaluate(FieldFacts())
