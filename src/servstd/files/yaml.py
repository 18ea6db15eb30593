"""YAML 1.2 with positions: PyYAML's C parser gives the events, all else is ours."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final

from servstd.errors import StandardsError
from servstd.files import traps
from servstd.files.document import Builder, Document
from servstd.files.scalars import resolved
from servstd.files.yaml_writer import dump_yaml

__all__ = ["dump_yaml", "parse_yaml"]

_BLOCK_STYLES: Final = (">", "|")


def parse_yaml(text: str, name: str = "<text>") -> Document:
    r"""Read YAML text as plain data with positions.

    Scalars follow the core schema of YAML 1.2; keys are always text. Aliases work, within a limit; tags,
    merge keys and a second document are refused.

    Args:
        text: The file, decoded.
        name: How messages call it.

    Returns:
        The data and where everything stood.

    Raises:
        StandardsError: SV171 it is not YAML, SV172 equal keys, SV173 tags, SV174 aliases and merge keys,
            SV176 too deep, SV178 a value that must stand in quotes, SV179 nothing or several documents in it.

    Example:
        >>> parse_yaml("hours: 22:30\non: no\n").data
        {'hours': '22:30', 'on': 'no'}
    """
    return _Reading(text, name).document()


class _Reading:
    """Turn the parser's events into a document."""

    def __init__(self, text: str, name: str) -> None:
        self.text = text
        self.name = name
        self.builder = Builder(name)
        self.documents = 0
        self.key_end = -1
        self.cut_off = (0, 0)

    @cached_property
    def lines(self) -> list[str]:
        return traps.lines_of(self.text)

    def document(self) -> Document:
        import yaml  # noqa: PLC0415 - kept out of `import servstd`

        try:
            self._read(yaml)
        except yaml.MarkedYAMLError as failure:
            mark = failure.problem_mark
            # libyaml reads ahead, and may notice before the builder does
            if mark is not None and "nesting depth" in str(failure.problem):
                raise self.builder.too_deep(mark.line + 1, mark.column + 1) from None
            problem = traps.syntax_problem(self.lines, self.name, failure)
            raise StandardsError([*self.builder.problems, problem]) from None
        except yaml.YAMLError as failure:
            # The reader's own: a character that YAML forbids.
            raise StandardsError(
                [*self.builder.problems, traps.character_problem(self.text, self.name, failure)]
            ) from None
        return self.builder.document()

    def _read(self, yaml: Any) -> None:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(self.text)
        try:
            while loader.check_event():
                self._event(loader.get_event(), yaml)
        finally:
            loader.dispose()

    def _event(self, event: Any, yaml: Any) -> None:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            self._scalar(event)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            self._start(event, {} if kind is yaml.MappingStartEvent else [])
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self.builder.close()
        elif kind is yaml.AliasEvent:
            self._alias(event)
        elif kind is yaml.DocumentStartEvent:
            self._start_document(event)

    def _start_document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            raise self.builder.stop(
                "SV179",
                "a second document begins here, after `---`.",
                "put one book in a file, or several files in a folder.",
                *_at(event),
            )

    def _start(self, event: Any, data: dict[str, Any] | list[Any]) -> None:
        if self._awaits_key():
            raise self.builder.stop(
                "SV171", "a key is text, not a mapping or list.", "put it in quotes.", *_at(event)
            )
        self._refuse_tag(event)
        self.builder.open(data, *_at(event), event.anchor)

    def _scalar(self, event: Any) -> None:
        is_plain = event.style is None or event.style == ""
        line, column = _at(event)
        self._refuse_tag(event)
        if self._awaits_key():
            self._key(event, is_plain=is_plain)
            return
        value: object = event.value
        if is_plain and not event.tag:
            try:
                value = resolved(event.value)
            except ValueError as failure:
                self.builder.add_problem(
                    "SV171", str(failure), "put it in quotes if it is text.", line, column
                )
        elif event.style in _BLOCK_STYLES and (
            trap := traps.block_problem(self.lines, self.name, line, column, event.value)
        ):
            self.builder.add(trap)
        if (
            event.anchor
            and is_plain
            and not event.value
            and (trap := traps.anchor_problem(self.lines, self.name, line, column))
        ):
            self.builder.add(trap)
        if is_plain and not event.value and event.start_mark.index == self.key_end:
            self._comma()
        self.builder.scalar(value, line, column, event.anchor)

    def _comma(self) -> None:
        """Keep the problem of a key that no colon follows; the second of one text says nothing new."""
        line, column = self.cut_off
        trap = traps.comma_problem(self.lines, self.name, line, column)
        if trap and trap.where not in {problem.where for problem in self.builder.problems}:
            self.builder.add(trap)

    def _key(self, event: Any, *, is_plain: bool) -> None:
        line, column = _at(event)
        if is_plain and event.value == "<<":
            self.builder.add_problem(
                "SV174",
                "merge keys (`<<`) belong to YAML 1.1.",
                "write the keys out where they belong.",
                line,
                column,
            )
        elif not event.value:
            self.builder.add_problem(
                "SV171", "a key is empty.", "put something before the colon.", line, column
            )
        self.key_end, self.cut_off = event.end_mark.index, (line, column)
        self.builder.key(event.value, line, column)

    def _alias(self, event: Any) -> None:
        line, column = _at(event)
        if self._awaits_key():
            raise self.builder.stop(
                "SV171", "an alias cannot be a key.", "put the key in quotes.", line, column
            )
        if event.anchor not in self.builder.anchors:
            raise StandardsError(
                [*self.builder.problems, traps.quote_problem(self.lines, self.name, line, column)]
            )
        found = self.builder.anchors[event.anchor]
        if found is None:
            raise self.builder.stop(
                "SV174",
                f"`*{event.anchor}` stands inside what it names.",
                "write the values out.",
                line,
                column,
            )
        self.builder.alias(*found, line, column)

    def _awaits_key(self) -> bool:
        frame = self.builder.stack[-1] if self.builder.stack else None
        return frame is not None and isinstance(frame.data, dict) and frame.key is None

    def _refuse_tag(self, event: Any) -> None:
        if event.tag:
            line, column = _at(event)
            shown = event.tag.replace("tag:yaml.org,2002:", "!!")
            mended = traps.quoted_line(self.lines, line, column)
            self.builder.add_problem(
                "SV173",
                f"the tag `{shown:.60}` is refused: a file of standards is plain data.",
                f"leave the tag out; for text that begins with `!` write {mended}.",
                line,
                column,
            )


def _at(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1
