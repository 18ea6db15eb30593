"""What is live in an output: found by a real parser of each format, or by the rule of whatever obeys it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import cmarkgfm

_V1 = re.compile(r"##\w*\[")
_MADE_LIVE = re.compile(r"(?i)https?://|ftp://|www\.|@\w|#\d|\bgh-\d")
"""What code hosts make links of in the text of a page, after Markdown is read."""
_TAGS = {"p", "strong", "em", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "h3", "code"}
_PAGE_TAGS = _TAGS | {
    "html",
    "head",
    "meta",
    "title",
    "body",
    "style",
    "div",
    "h1",
    "h2",
    "span",
    "i",
    "b",
    "caption",
    "svg",
    "rect",
}
_PAGE_TAGS |= {"details", "summary"}


def steering(text: str) -> Iterator[str]:
    """Yield each character that a terminal does not only show."""
    yield from (f"the character {one!r}" for one in text if one != "\n" and not one.isprintable())


def commands(text: str) -> Iterator[str]:
    """Yield each line that a build server takes for a command, as its runners do: blanks before it are passed over."""
    for line in text.split("\n"):
        if line.lstrip().startswith("::"):
            yield f"the command {line.lstrip()[:60]!r}"
        elif _V1.search(line):
            yield f"the mark {line[:60]!r}"


def in_text(text: str) -> list[str]:
    return [*steering(text), *commands(text)]


def in_json(text: str) -> list[str]:
    odd: list[str] = []
    json.loads(text, parse_constant=lambda name: odd.append(f"{name}, which is no JSON"))
    return [*odd, *in_text(text)]


def in_colours(text: str) -> list[str]:
    """Return what is live beside the colours of servstd itself."""
    return in_text(re.sub(r"\x1b\[(0|[1-3][1-3]?(;3[1-3])*)m", "", text))


def in_github(text: str) -> list[str]:
    """Return what is live beside annotations, each of which is one whole line."""
    annotation = re.compile(r"::(error|warning|notice) [^:]*::[^\n]*")
    rest = [line for line in text.split("\n") if not annotation.fullmatch(line)]
    return [*steering(text), *commands("\n".join(rest))]


def in_xml(text: str) -> list[str]:
    tags = {one.tag for one in ET.fromstring(text).iter()}
    known = {"testsuites", "testsuite", "testcase", "properties", "property", "failure", "skipped"}
    return [*in_text(text), *(f"the tag <{tag}>" for tag in tags - known)]


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, tuple(name for name, _ in attrs)))

    def handle_data(self, data):
        self.texts.append(data)

    def handle_comment(self, data):
        self.tags.append((f"!--{data}", ()))


def page_of(text: str) -> _Page:
    page = _Page()
    page.feed(text)
    page.close()
    return page


def in_html(text: str) -> list[str]:
    """Return tags and attributes that a report has never, and scripts above all."""
    page = page_of(text)
    found = [f"the tag <{tag}>" for tag, _ in page.tags if tag not in _PAGE_TAGS]
    found += [
        f"the attribute {name}"
        for _, names in page.tags
        for name in names
        if name.startswith("on") or name == "href"
    ]
    return [*in_text(text), *found]


def in_markdown(text: str) -> list[str]:
    options = cmarkgfm.cmark.Options.CMARK_OPT_UNSAFE
    page = page_of(cmarkgfm.github_flavored_markdown_to_html(text, options=options))
    found = [f"the tag <{tag}>" for tag, _ in page.tags if tag not in _TAGS]
    found += [
        f"{match[0]!r} in {shown[:60]!r}" for shown in page.texts if (match := _MADE_LIVE.search(shown))
    ]
    return [*in_text(text), *found]
