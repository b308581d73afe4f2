"""The fonts on the face and their measures: coverage, advances and outlines.

Everything is measured in em of the font itself, so that a text is measured once for every size.
The holder's text is set in LXGW WenKai, fixed words and numbers in Noto Serif and Noto Sans CJK,
always their SC member: the default member of the collection has Japanese shapes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import uharfbuzz

FOLDER_VARIABLE = "PORTAL_FACE_FONTS"
ASCENT = 0.88  # of the em box; the same for every font, so that mixed runs share a baseline
DESCENT = 0.12
# Em over and under the baseline, and before and behind the advances, that a line's box takes.
LINE_TOP, LINE_BOTTOM, LINE_BESIDE = 0.95, 0.3, 0.1

_FOLDERS = (
    "/usr/share/fonts/truetype/lxgw-wenkai",
    "/usr/share/fonts/opentype/noto",
)


class FontMissing(RuntimeError):
    """A font the face needs is not installed; the message says which and what to install."""


@dataclass(frozen=True, slots=True)
class FontSource:
    """Where one face font is found: its file, family, style and Debian package."""

    file: str
    family: str
    style: str
    package: str

    @property
    def weight(self) -> int:
        """CSS weight of the style."""
        return 700 if self.style == "Bold" else 400


SOURCES: dict[str, FontSource] = {
    "kai": FontSource("LXGWWenKai-Regular.ttf", "LXGW WenKai", "Regular", "fonts-lxgw-wenkai"),
    "kai-bold": FontSource("LXGWWenKai-Bold.ttf", "LXGW WenKai", "Bold", "fonts-lxgw-wenkai"),
    "song": FontSource(
        "NotoSerifCJK-Regular.ttc", "Noto Serif CJK SC", "Regular", "fonts-noto-cjk"
    ),
    "song-bold": FontSource("NotoSerifCJK-Bold.ttc", "Noto Serif CJK SC", "Bold", "fonts-noto-cjk"),
    "hei": FontSource("NotoSansCJK-Regular.ttc", "Noto Sans CJK SC", "Regular", "fonts-noto-cjk"),
    "hei-bold": FontSource("NotoSansCJK-Bold.ttc", "Noto Sans CJK SC", "Bold", "fonts-noto-cjk"),
}
_CHAIN = ("kai", "song", "hei")
_PAIR = "+"


def paired(font: str, latin: str) -> str:
    """The name of a font with the ASCII of another: `kai-bold+hei`; `font` where it has its own.

    A value in Chinese and figures is set in one font so: one text object, which a search finds.
    """
    return f"{font}{_PAIR}{latin}" if latin and latin != font else font


def parts_of(name: str) -> tuple[str, str]:
    """The font of a name and the font of its ASCII, which are one where the name is no pair's."""
    font, _, latin = name.partition(_PAIR)
    return font, latin or font


def is_ascii(character: str) -> bool:
    """Whether a pair takes the character from its second font."""
    return " " <= character <= "~"


def fall_back(font: str) -> tuple[str, ...]:
    """Fonts to try for one whole value, the wished one first, in the same weight."""
    weight = "-bold" if font.endswith("-bold") else ""
    return (font, *(name + weight for name in _CHAIN if name + weight != font))


def font_path(name: str) -> Path:
    """Find the file of a face font.

    Looks into the folder named by PORTAL_FACE_FONTS, else where Debian puts it, else asks
    fontconfig. Raises FontMissing with what to install.
    """
    source = SOURCES[name]
    named = os.environ.get(FOLDER_VARIABLE)
    for folder in [named] if named else _FOLDERS:
        path = Path(folder) / source.file
        if path.is_file():
            return path
    if not named and (found := _ask_fontconfig(source)):
        return found
    raise FontMissing(
        f"缺少照面字体 {source.family} {source.style}（{source.file}）："
        f"请安装 {source.package}，或者用环境变量 {FOLDER_VARIABLE} 指明字体所在的目录。"
    )


def _ask_fontconfig(source: FontSource) -> Path | None:
    command = shutil.which("fc-match")
    if command is None:
        return None
    wanted = f"{source.family}:style={source.style}"
    answer = subprocess.run(
        [command, "-f", "%{file}", wanted], capture_output=True, text=True, timeout=20, check=False
    )
    path = Path(answer.stdout.strip())
    # fontconfig always answers with something; only the very file counts.
    return path if path.name == source.file and path.is_file() else None


class Ink(NamedTuple):
    """The box of a glyph's ink in em: from its origin, y upward; top above bottom."""

    left: float
    top: float
    right: float
    bottom: float


class FaceFont:
    """One font, opened once per process; glyphs and advances are remembered.

    Raises FontMissing when the file is not there or holds no such member.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.source = SOURCES[name]
        self.path = font_path(name)
        self.face, self.index = self._open()
        self._font = uharfbuzz.Font(self.face)
        self.upem: int = self.face.upem
        self._glyphs: dict[str, tuple[int, float] | None] = {}
        self._inside: set[str] = set()

    def _open(self) -> tuple[Any, int]:
        blob = uharfbuzz.Blob.from_file_path(str(self.path))
        for index in range(uharfbuzz.Face(blob, 0).count):
            face = uharfbuzz.Face(blob, index)
            if self.source.family in {face.get_name(1), face.get_name(16)} or face.count == 1:
                return face, index
        raise FontMissing(f"字体文件 {self.path} 中没有 {self.source.family}。")

    def glyph(self, character: str) -> tuple[int, float] | None:
        """Give glyph number and advance in em, or None where the font has no glyph."""
        try:
            return self._glyphs[character]
        except KeyError:
            number = self._font.get_nominal_glyph(ord(character))
            found = None
            if number:
                found = (number, self._font.get_glyph_h_advance(number) / self.upem)
            self._glyphs[character] = found
            return found

    def has(self, character: str) -> bool:
        """Whether the font has a glyph of its own for the character."""
        return self.glyph(character) is not None

    def advance(self, character: str) -> float:
        """Advance in em. Raises KeyError where the font has no glyph."""
        found = self.glyph(character)
        if found is None:
            raise KeyError(character)
        return found[1]

    def draw(self, character: str, pen: Any) -> None:
        """Draw the character's outline, in font units and y upward, with a fontTools pen."""
        found = self.glyph(character)
        if found is None:
            raise KeyError(character)
        self._font.draw_glyph_with_pen(found[0], pen)

    def ink(self, character: str) -> Ink:
        """Where the glyph's ink lies, in em. Raises KeyError where the font has no glyph."""
        found = self.glyph(character)
        if found is None:
            raise KeyError(character)
        box = self._font.get_glyph_extents(found[0])
        if box is None or not box.width:
            return Ink(0.0, 0.0, 0.0, 0.0)
        left, top = box.x_bearing / self.upem, box.y_bearing / self.upem
        return Ink(left, top, left + box.width / self.upem, top + box.height / self.upem)

    def stays_inside(self, text: str) -> bool:
        """Whether no glyph of a text has ink outside its advance and the height of a line."""
        if self._inside.issuperset(text):
            return True
        inside = {character for character in set(text) - self._inside if self._fits(character)}
        self._inside |= inside
        return self._inside.issuperset(text)

    def _fits(self, character: str) -> bool:
        ink = self.ink(character)
        return (
            ink.left >= -LINE_BESIDE
            and ink.right <= self.advance(character) + LINE_BESIDE
            and ink.top <= LINE_TOP
            and ink.bottom >= -LINE_BOTTOM
        )

    def __repr__(self) -> str:
        return f"<FaceFont {self.name} {self.path.name}>"


class PairedFont:
    """A font with the ASCII of another: Han from Kai, figures and letters from Hei."""

    def __init__(self, name: str) -> None:
        self.name = name
        font, latin = parts_of(name)
        self.main, self.latin = face_font(font), face_font(latin)
        self.upem: int = self.main.upem
        self._inside: set[str] = set()
        if self.latin.upem != self.upem:
            raise ValueError(f"{font} and {latin} are drawn in different units")

    def of(self, character: str) -> Font:
        """The font that the character is taken from."""
        return self.latin if is_ascii(character) else self.main

    def glyph(self, character: str) -> tuple[int, float] | None:
        """Give glyph number in its own font and advance in em, or None without a glyph."""
        return self.of(character).glyph(character)

    def has(self, character: str) -> bool:
        """Whether the pair has a glyph for the character."""
        return self.of(character).has(character)

    def advance(self, character: str) -> float:
        """Advance in em. Raises KeyError where there is no glyph."""
        return self.of(character).advance(character)

    def draw(self, character: str, pen: Any) -> None:
        """Draw the character's outline, in font units and y upward, with a fontTools pen."""
        self.of(character).draw(character, pen)

    def ink(self, character: str) -> Ink:
        """Where the glyph's ink lies, in em. Raises KeyError where there is no glyph."""
        return self.of(character).ink(character)

    def stays_inside(self, text: str) -> bool:
        """Whether no glyph of a text has ink outside its advance and the height of a line."""
        if text.isascii():
            return self.latin.stays_inside(text)
        return self._inside.issuperset(text) or self._look(text)

    def _look(self, text: str) -> bool:
        self._inside |= {one for one in set(text) if self.of(one).stays_inside(one)}
        return self._inside.issuperset(text)


Font = FaceFont | PairedFont


@cache
def face_font(name: str) -> Font:
    """The opened font of a role or of a pair, one per process. Raises FontMissing."""
    return PairedFont(name) if _PAIR in name else FaceFont(name)
