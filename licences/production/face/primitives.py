"""A placed face: pages of simple things in millimetres, origin upper left, y downward."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one font on one baseline.

    advances: millimetres from each character's origin to the next one's, the last included.
    of: the data item or face key it comes from, empty for fixed words.
    """

    font: str
    size: float
    x: float
    baseline: float
    text: str
    advances: tuple[float, ...]
    ink: str
    of: str = ""

    @property
    def width(self) -> float:
        """Sum of the advances."""
        return sum(self.advances)


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line from x, y to x2, y2."""

    x: float
    y: float
    x2: float
    y2: float
    width: float
    ink: str


@dataclass(frozen=True, slots=True)
class Ornament:
    """A vector file of borders/ scaled into a box."""

    file: str
    at: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo in JPEG, already cropped to the box's proportion, with a hairline round it."""

    of: str
    at: tuple[float, float, float, float]
    jpeg: bytes
    ink: str


@dataclass(frozen=True, slots=True)
class Code:
    """QR modules: rows of dark stretches (start, length), the symbol without its quiet zone."""

    at: tuple[float, float, float, float]
    rows: tuple[tuple[tuple[int, int], ...], ...]
    ink: str

    @property
    def modules(self) -> int:
        """Modules along one side."""
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class Outline:
    """A dashed outline that keeps a place in the preview: of the code or of the seal."""

    shape: str  # "box" or "disc"
    at: tuple[float, float, float, float]
    ink: str


@dataclass(frozen=True, slots=True)
class SealPlace:
    """Where the seal goes: centre and diameter."""

    x: float
    y: float
    diameter: float

    @property
    def boundary(self) -> tuple[float, float, float, float]:
        """x, y, width and height of the square round the disc."""
        radius = self.diameter / 2
        return (self.x - radius, self.y - radius, self.diameter, self.diameter)


@dataclass(frozen=True, slots=True)
class MarkPlace:
    """One mark: the same words at several centres, turned, clipped to a rectangle."""

    words: str
    font: str
    size: float
    track: float  # em between the characters
    ink: str
    opacity: float
    angle: float  # degrees, negative rises to the right
    centres: tuple[tuple[float, float], ...]
    clip: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Page:
    """One page: ground below (shared by all faces of the edition), then contents, mark, seal."""

    ground: tuple[Ornament, ...]
    rules: tuple[Rule, ...]
    pictures: tuple[Picture, ...]
    runs: tuple[Run, ...]
    code: Code | None
    outlines: tuple[Outline, ...]
    mark: MarkPlace | None
    seal: SealPlace | None


@dataclass(frozen=True, slots=True)
class Face:
    """The placed licence. edition_key names layout and edition; fixed_characters are those the
    template prints on every face, per font, so that one font subset serves the whole edition."""

    edition_key: str
    width: float
    height: float
    margin: tuple[float, float, float, float]
    identifier: str
    title: str
    pages: tuple[Page, ...]
    fixed_characters: tuple[tuple[str, str], ...]
    inks: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        """All words in reading order, one run a line; for tests and for reading aloud."""
        return "\n".join(run.text for page in self.pages for run in page.runs)
