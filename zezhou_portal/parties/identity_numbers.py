"""Identity numbers with the document that they stand in, written as one text (GB/T 36903).

A citizen id number stands alone, as everywhere; any other number behind the name of its document:
“普通护照 E12345678”. The sixteen types are the standard's; three documents that it counts among the
others go by their own names, since nobody at a window looks for “其他自然人有效证件代码” (ours).
"""

import re
import unicodedata
from dataclasses import dataclass

from zezhou_portal.parties.models import IdentityType
from zezhou_portal.regulation.identifiers import normalise_code

ORGANISATION_TYPES = frozenset(
    {IdentityType.CREDIT_CODE.value, IdentityType.OTHER_ORGANISATION.value}
)
_OTHER = IdentityType.OTHER_PERSON.value
NAMED = {"外国人永久居留身份证": _OTHER, "港澳居民居住证": _OTHER, "台湾居民居住证": _OTHER}
# Every name by which a document is known here, with the code of its type.
DOCUMENTS: dict[str, str] = {label: code for code, label in IdentityType.choices} | NAMED
_ALSO = {
    "居民身份证": "公民身份号码",
    "身份证": "公民身份号码",
    "公民身份证": "公民身份号码",
    "中华人民共和国居民身份证": "公民身份号码",
    "护照": "普通护照",
    "因私护照": "普通护照",
    "外国护照": "普通护照",
    "港澳通行证": "港澳居民来往内地通行证",
    "港澳居民通行证": "港澳居民来往内地通行证",
    "回乡证": "港澳居民来往内地通行证",
    "台胞证": "台湾居民来往大陆通行证",
    "台湾通行证": "台湾居民来往大陆通行证",
    "台湾居民通行证": "台湾居民来往大陆通行证",
    "士兵证": "解放军士兵证",
    "永久居留证": "外国人永久居留身份证",
    "外国人永久居留证": "外国人永久居留身份证",
    "永居证": "外国人永久居留身份证",
    "港澳台居民居住证": "港澳居民居住证",
}
_NAMES = {**{name: name for name in DOCUMENTS}, **_ALSO}
_LONGEST_FIRST = sorted(_NAMES, key=len, reverse=True)
_CITIZEN = IdentityType.CITIZEN_ID.label
_CITIZEN_SHAPE = re.compile(r"\d{17}[\dX]")
_BETWEEN = re.compile(r"(?:证?号码?|号)?[\s:：]*")


@dataclass(frozen=True)
class IdentityNumber:
    """A number and the name of the document it stands in; no name where none was written."""

    document: str
    number: str

    @property
    def type(self) -> str:
        """The code of the type, empty where no document is named."""
        return DOCUMENTS.get(self.document, "")

    def __str__(self) -> str:
        """As it is stored, printed and shown."""
        is_citizen = self.document == _CITIZEN and _CITIZEN_SHAPE.fullmatch(self.number)
        is_plain = is_citizen or not self.document or not self.number
        return self.number if is_plain else f"{self.document} {self.number}"


def document_of(name: str) -> str:
    """The name by which a document goes here; empty for one that is not known."""
    return _NAMES.get("".join(unicodedata.normalize("NFKC", name).split()), "")


def read_identity(text: str, document: str = "") -> IdentityNumber:
    """The number and its document in a text, as people write it.

    `document` where a column or a list beside it says it; what the text itself says counts more.
    What has the shape of a citizen id number is one where nothing else is said.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    for name in _LONGEST_FIRST:
        if plain.startswith(name):
            rest = plain.removeprefix(name)
            between = _BETWEEN.match(rest)
            number = normalise_code(rest[between.end() :] if between else rest)
            return IdentityNumber(_NAMES[name], number)
    number = normalise_code(plain)
    known = document_of(document)
    if not known and not document.strip() and _CITIZEN_SHAPE.fullmatch(number):
        known = _CITIZEN
    return IdentityNumber(known, number)


def identity_text(identity_type: str, number: str) -> str:
    """A holder's number as a face prints it."""
    label = IdentityType(identity_type).label if identity_type else ""
    return str(IdentityNumber(label, number))
