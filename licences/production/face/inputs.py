"""What a face is drawn from, and how drawing is refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from zezhou_portal.regulation.errors import Fault, FaultKind, by_field

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
    """The face cannot be drawn; each fault's sentence tells the person what to change.

    All that is wrong is told at once. item_key, kind and sentence are those of the first fault.
    """

    def __init__(self, *faults: Fault) -> None:
        super().__init__("".join(fault.sentence for fault in faults))
        self.faults = faults
        self.item_key, self.kind = faults[0].field, faults[0].kind
        self.sentence = faults[0].sentence

    @property
    def fields(self) -> dict[str, str]:
        """The first sentence of each item, as forms show them."""
        return by_field(self.faults)


def cannot_draw(item_key: str, kind: FaultKind, sentence: str) -> CannotDraw:
    """The refusal for one fault."""
    return CannotDraw(Fault(item_key, kind, sentence))


class Faults:
    """Gathers the faults of what is drawn inside `with faults:`; what follows is drawn all the
    same, so that all of them are told together."""

    def __init__(self) -> None:
        self._found: list[Fault] = []

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: object
    ) -> bool:
        if not isinstance(error, CannotDraw):
            return False
        self.add(*error.faults)
        return True

    def add(self, *faults: Fault) -> None:
        """Keep faults, each once."""
        self._found += [fault for fault in faults if fault not in self._found]

    def demand_none(self) -> None:
        """Raises CannotDraw with all that was found."""
        if self._found:
            raise CannotDraw(*self._found)


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
    datetime, number, credit_code, citizen_id, identity_number or image. overflow: "annex" or
    "refuse" where the kind says what becomes of a text too long for its place, empty where the
    layout does."""

    key: str
    name: str
    kind: str
    required: bool = True
    overflow: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceInput:
    """All that stands on one face.

    values: item key to text or list of texts; dates as ISO 8601, numbers as the kind writes
    them, choices in Chinese words. photos: item key to JPEG or PNG bytes. mark None is the
    effective face.
    """

    kind_name: str
    items: tuple[FaceItem, ...]
    values: Mapping[str, str | list[str]]
    photos: Mapping[str, bytes] = field(default_factory=dict)
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
