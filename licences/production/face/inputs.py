"""What a face is drawn from, and how drawing is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

FACE_KEYS = (
    "number",
    "issuer",
    "issued_on",
    "validity",
    "identifier",
    "check_code",
    "verify_url",
    "kind_name",
    "made_under",
    "copy_note",
    "representative_label",
)
KEY_NAMES = {
    "number": "证照编号",
    "issuer": "制发单位",
    "issued_on": "制发日期",
    "validity": "有效期限",
    "identifier": "证照标识",
    "check_code": "校验码",
    "verify_url": "查验网址",
    "kind_name": "证照名称",
    "made_under": "监制单位",
    "copy_note": "件注",
    "representative_label": "负责人称谓",
}


class CannotDraw(ValueError):
    """The face cannot be drawn; the sentence tells the person what to change.

    item_key names the data item (or the face's own key) at fault.
    """

    def __init__(self, item_key: str, sentence: str) -> None:
        super().__init__(sentence)
        self.item_key = item_key
        self.sentence = sentence


class MarkKind(StrEnum):
    """Which words lie over the face (faces.md 9)."""

    SPECIMEN = "specimen"
    PREVIEW = "preview"
    COPY = "copy"


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark over the whole face; words are needed for a copy only (仅限…使用)."""

    kind: MarkKind
    words: str = ""


@dataclass(frozen=True, slots=True)
class FaceItem:
    """One data item of the kind. kind is the catalogue's: text, long_text, choice, date,
    datetime, number, credit_code, citizen_id or image."""

    key: str
    name: str
    kind: str
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceInput:
    """All that stands on one face.

    values: item key to text or list of texts; dates as ISO 8601, numbers as the kind writes
    them, choices in Chinese words. photo: JPEG or PNG bytes. mark None is the effective face.
    """

    kind_name: str
    items: tuple[FaceItem, ...]
    values: Mapping[str, str | list[str]]
    photo: bytes | None = None
    number: str = ""
    issuer: str = ""
    issued_on: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    long_term: bool = False
    identifier: str = ""
    check_code: str = ""
    verify_url: str = ""
    made_under: str = ""
    copy_note: str = ""
    representative_label: str = ""
    mark: Mark | None = None

    @property
    def is_preview(self) -> bool:
        """Whether the face is drawn before sign-off: without code and seal."""
        return self.mark is not None and self.mark.kind is MarkKind.PREVIEW
