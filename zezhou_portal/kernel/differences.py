"""Two texts beside each other: what only one of them has."""

from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True)
class Piece:
    """A run of text, and whether the other side has it too."""

    text: str
    is_marked: bool


def differences(one: str, other: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces; what only one side has is marked."""
    left: list[Piece] = []
    right: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        marked = tag != "equal"
        left += [Piece(one[a:b], marked)] if b > a else []
        right += [Piece(other[c:d], marked)] if d > c else []
    return left, right
