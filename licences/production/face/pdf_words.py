"""The words of a face as a PDF has them: paragraphs of pieces that keep to one spacing."""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass

from licences.production.face.fonts import face_font
from licences.production.face.primitives import Face, Page, Run
from licences.production.face.subsets import characters_of, converted, embedded_name, subset

_SAME = 1e-4  # em
# Em between characters from which readers take them for words of their own. Words set wider than
# this have a font whose glyphs are that wide, so that a title is read and found as one word.
_APART = 0.125
_MEASURE = frozenset(" ")  # the height of a line is that of its font's space
_LINES_APART = 2.0  # em from a paragraph's line to its next


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters of one font on one baseline with the same space behind each, in em."""

    font: str
    size: float
    x: float
    baseline: float
    text: str
    space: float
    ink: str


@dataclass(frozen=True, slots=True)
class Block:
    """A heading or a paragraph: lines that belong together."""

    is_heading: bool
    pieces: tuple[Piece, ...]


def blocks_of(page: Page) -> Iterator[Block]:
    """The page's words in reading order; the largest are the heading."""
    largest = max((run.size for run in page.runs), default=0.0)
    together: list[Run] = []
    for run in page.runs:
        if together and not _continues(together[-1], run):
            yield _block(together, largest)
            together = []
        together.append(run)
    if together:
        yield _block(together, largest)


def _continues(before: Run, run: Run) -> bool:
    below = run.baseline - before.baseline
    return (before.of, before.font, before.size) == (run.of, run.font, run.size) and (
        0 < below <= _LINES_APART * run.size
    )


def _block(runs: list[Run], largest: float) -> Block:
    pieces = tuple(piece for run in runs for piece in pieces_of(run))
    return Block(runs[0].size == largest, pieces)


def pieces_of(run: Run) -> Iterator[Piece]:
    """A run in pieces, each with one space behind its characters; often the run itself."""
    font, last = face_font(run.font), len(run.text) - 1
    spaces = [
        advance / run.size - font.advance(character)
        for character, advance in zip(run.text, run.advances, strict=True)
    ]
    start, x = 0, run.x
    while start <= last:
        end, space = start, spaces[start] if start < last else 0.0
        while end < last and abs(spaces[end] - space) < _SAME:
            end += 1
        text = run.text[start : end + 1]
        yield Piece(run.font, run.size, x, run.baseline, text, space, run.ink)
        x += sum(run.advances[start : end + 1])
        start = end + 1


class FontsInUse:
    """The fonts that a PDF embeds, as they are asked for."""

    def __init__(self, face: Face) -> None:
        self._characters = characters_of(face)
        self._wide: dict[tuple[str, int], set[str]] = {}

    def family_of(self, piece: Piece) -> tuple[str, float]:
        """The family that a piece is set in, and what is left to be put between its characters."""
        if piece.space < _APART:
            return embedded_name(piece.font), 0.0 if abs(piece.space) < _SAME else piece.space
        wider = round(piece.space * face_font(piece.font).upem)
        self._wide.setdefault((piece.font, wider), set()).update(piece.text)
        return f"{embedded_name(piece.font)}{wider}", 0.0

    def faces(self) -> str:
        """The font faces for the style sheet; asked for when all words are written."""
        named = {
            embedded_name(font): subset(font, characters | _MEASURE)
            for font, characters in self._characters.items()
        }
        for (font, wider), characters in sorted(self._wide.items()):
            name = f"{embedded_name(font)}{wider}"
            named[name] = converted(font, _MEASURE | characters, wider=wider)
        return "".join(
            f"@font-face{{font-family:{name};"
            f"src:url(data:font/ttf;base64,{b64encode(data).decode()})}}"
            for name, data in named.items()
        )
