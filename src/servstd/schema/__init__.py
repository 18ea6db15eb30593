"""The JSON Schema of a book, made from the models."""

from __future__ import annotations

from servstd.schema.words import Words, words_of

__all__ = ["Words", "words_of"]
