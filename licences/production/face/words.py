"""The words of each key on a face: dates, terms, groups, joins, and what stands in for nothing."""

import re
from collections.abc import Sequence
from datetime import date, datetime

from licences.production.face.inputs import (
    FACE_KEYS,
    KEY_NAMES,
    CannotDraw,
    FaceInput,
    FaceItem,
    cannot_draw,
)
from zezhou_portal.regulation.errors import Fault, FaultKind

EMPTY = "／"  # an empty required place of a fixed form; never a blank to be filled in later
AFTER_SEALING = "签章后生成"
OPEN_END = "长期"
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")
_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_CODE_GROUP = re.compile(r"[0-9A-Z]{8}")
# What is not known before the licence is signed off and sealed.
_LATER = frozenset({"number", "issued_on", "identifier", "check_code", "verify_url"})


def chinese_date(day: date) -> str:
    """2026年11月3日: Arabic figures, no leading zeros (GB/T 9704)."""
    return f"{day.year}年{day.month}月{day.day}日"


def term(face_input: FaceInput, form: str = "") -> str:
    """The period of validity in words; form "two lines" breaks it at 至. No end: 长期."""
    first, last = face_input.valid_from, face_input.valid_until
    if face_input.long_term:
        return OPEN_END
    if first is None or last is None:
        return ""
    if form == "two lines":
        return f"自{chinese_date(first)}\n至{chinese_date(last)}"
    return f"{chinese_date(first)}至{chinese_date(last)}"


class Words:
    """Answers what is printed for a key of one face input.

    Raises CannotDraw for a malformed date, a private-use character, or a face that is to take
    effect and lacks what makes it checkable.
    """

    def __init__(self, face_input: FaceInput) -> None:
        self._input = face_input
        self._items = {item.key: item for item in face_input.items}

    def name(self, key: str) -> str:
        """The key's Chinese name for messages."""
        item = self._items.get(key)
        return item.name if item else KEY_NAMES.get(key, key)

    def known(self, key: str) -> bool:
        """Whether the kind or the face has the key."""
        return key in self._items or key in FACE_KEYS

    def is_item(self, key: str) -> bool:
        """Whether the key is one of the kind's data items."""
        return key in self._items

    def is_required(self, key: str) -> bool:
        """Whether the kind asks for the key; what the kind does not know, the layout asks for."""
        item = self._items.get(key)
        return item is None or item.required

    def overflow(self, key: str) -> str:
        """What the kind says becomes of a value too long for its place; empty where it does not."""
        item = self._items.get(key)
        return item.overflow if item else ""

    def images(self) -> list[FaceItem]:
        """The pictures that stand on the face: those given, and those that may not be missing."""
        return [
            item
            for item in self._items.values()
            if item.kind == "image" and (item.required or item.key in self._input.photos)
        ]

    def text(
        self, key: str, *, form: str = "", join: str = "、", groups: Sequence[int] = ()
    ) -> str:
        """The words of one key, empty where nothing is given."""
        if key in self._items:
            text = self._item_text(key, join)
        elif key in FACE_KEYS:
            text = self._face_text(key, form)
        else:
            raise cannot_draw(
                key,
                FaultKind.CONTRADICTS,
                f"照面上的“{key}”不是这种证照的数据项，请修改照面模板。",
            )
        self._refuse_private(key, text)
        return _grouped(text, groups) if groups else text

    def fill(self, words: str) -> tuple[str, str]:
        """Fill the {key} places of words; gives the text and the first key used."""
        first = ""

        def place(match: re.Match[str]) -> str:
            nonlocal first
            first = first or match[1]
            return self.text(match[1]) or EMPTY

        return _PLACE.sub(place, words), first

    def check_complete(self) -> None:
        """Refuse an effective face without issuer, date, identifier, check code or address."""
        if self._input.is_preview:
            return
        faults = [
            Fault(
                key,
                FaultKind.MISSING,
                f"缺少“{KEY_NAMES[key]}”，不能生成正式照面；请先完成签发信息。",
            )
            for key in ("issuer", "issued_on", "identifier", "check_code", "verify_url")
            if not getattr(self._input, key)
        ]
        if faults:
            raise CannotDraw(*faults)

    def _item_text(self, key: str, join: str) -> str:
        value = self._input.values.get(key, "")
        parts = [value] if isinstance(value, str) else list(value)
        kind = self._items[key].kind
        if kind in ("date", "datetime"):
            parts = [self._moment(key, part) for part in parts if part]
        return join.join(part.replace("\r\n", "\n").strip() for part in parts if part)

    def _moment(self, key: str, value: str) -> str:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise cannot_draw(
                key,
                FaultKind.MALFORMED,
                f"“{self.name(key)}”不是有效的日期：{value}。请按“2026-11-03”的格式填写。",
            ) from None
        words = chinese_date(moment.date())
        if self._items[key].kind == "datetime" and len(value) > len("2026-11-03"):
            words += f"{moment.hour}时{moment.minute}分"
        return words

    def _face_text(self, key: str, form: str) -> str:
        if (
            self._input.is_preview
            and key in _LATER
            and not (key in ("number", "issued_on") and getattr(self._input, key))
        ):
            return AFTER_SEALING
        if key == "validity":
            return term(self._input, form)
        if key == "issued_on":
            return chinese_date(self._input.issued_on) if self._input.issued_on else ""
        text: str = getattr(self._input, key)
        if key == "check_code" and _CODE_GROUP.fullmatch(text):
            return f"{text[:4]}-{text[4:]}"
        return text

    def _refuse_private(self, key: str, text: str) -> None:
        found = _PRIVATE.search(text)
        if found:
            raise cannot_draw(
                key,
                FaultKind.UNREADABLE,
                f"“{self.name(key)}”中有自造字（U+{ord(found[0]):04X}），无法显示；"
                "请改用该字的国家标准编码（GB 18030）重新录入。",
            )


def _grouped(text: str, groups: Sequence[int]) -> str:
    """Set a code in groups; one of another length stays as it is."""
    solid = re.sub(r"\s", "", text)
    if len(solid) != sum(groups):
        return text
    parts, at = [], 0
    for size in groups:
        parts.append(solid[at : at + size])
        at += size
    return " ".join(parts)


def missing_glyph(key: str, name: str, character: str) -> CannotDraw:
    """The refusal of a character that no font of the face has."""
    shown = character if character.isprintable() else "不可见字符"
    return cannot_draw(
        key,
        FaultKind.UNREADABLE,
        f"“{name}”中的“{shown}”（U+{ord(character):04X}）没有可用的字形，照面印不出来；"
        "请核对这个字，录入其国家标准编码。",
    )
