"""What comes from outside, made fit to be kept: bounded, and without what no column can hold."""

import json
from typing import Any

# An answer that is nested deeper than any that was agreed upon is none.
_DEEPEST = 32


class Unfit(ValueError):
    """What came is no JSON that anybody agreed upon; never says what it was."""


def storable(words: str) -> str:
    """The words without null characters and halves of a character: no text column holds those."""
    if words.isascii():
        return words.replace("\0", "")
    return words.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")


def words_of(value: object, most: int) -> str:
    """A value from outside as words that can be kept: cut, one line, nothing for no words."""
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return ""
    text = storable(value if isinstance(value, str) else repr(value)[:most])
    return "".join(one if one.isprintable() else " " for one in text)[:most].strip()


def json_of(body: bytes) -> Any:
    """The JSON of a body. Raises Unfit for anything else, and for what is nested too deep."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unfit("no JSON") from error
    _demand_flat(value)
    return value


def _demand_flat(value: Any) -> None:
    level = [value]
    for _ in range(_DEEPEST):
        level = [
            one
            for held in level
            if isinstance(held, dict | list)
            for one in (held.values() if isinstance(held, dict) else held)
        ]
        if not level:
            return
    raise Unfit("nested too deep")
