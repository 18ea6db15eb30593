"""Docstrings under fields are read as an author means them."""

from __future__ import annotations

from servstd.models import Model
from servstd.schema.words import read_words, summary_of, words_of


class Parcel(Model):
    """Hold a parcel,
    on its way.

    More of it.
    """

    weight: str = ""
    """How heavy,
    in words.

    Examples: `2 kg`, `{by: size, small: 1 kg}`, `"14:00"`,
    `3`
    """
    colour: str = ""
    """Which colour: `red`."""
    untold: str = ""


class Letter(Parcel):
    weight: str = "20 g"
    colour: str = "white"
    """Which paper."""


def test_the_description_is_one_line_and_the_examples_are_values():
    weight = words_of(Parcel)["weight"]
    assert weight.text == "How heavy, in words."
    assert weight.values == ["2 kg", {"by": "size", "small": "1 kg"}, "14:00", 3]


def test_backticks_in_a_description_are_no_examples():
    assert words_of(Parcel)["colour"] == read_words("Which colour: `red`.")
    assert words_of(Parcel)["colour"].examples == ()


def test_a_field_without_a_docstring_says_nothing():
    assert words_of(Parcel)["untold"].text == ""


def test_what_a_subclass_does_not_say_again_is_inherited():
    told = words_of(Letter)
    assert told["weight"].text == "How heavy, in words."
    assert told["colour"].text == "Which paper."


def test_a_summary_is_the_first_paragraph():
    assert summary_of(Parcel) == "Hold a parcel, on its way."


def test_a_word_that_looks_like_examples_in_the_middle_is_text():
    assert read_words("See Examples: `a`.") == read_words("See Examples: `a`.")
    assert read_words("See Examples: `a`.").examples == ()
