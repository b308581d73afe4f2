"""Identity numbers by type: what is wrong with one, as a sentence (GB/T 36903 code list).

Credit codes and citizen id numbers have check characters and are judged strictly. Passports and
permits have no public check: their usual shapes are asked for, softly where countries differ.
"""

import re

from zezhou_portal.kernel import clock
from zezhou_portal.parties.identity_numbers import ORGANISATION_TYPES
from zezhou_portal.parties.models import HolderKind, IdentityType
from zezhou_portal.regulation.identifiers import citizen_id_fault, credit_code_fault

_CHINESE_PASSPORT = re.compile(r"(E[0-9A-HJ-NP-Z]\d{7}|G\d{8}|[PS]\d{7,8}|DE?\d{7,8})")
_FOREIGN_PASSPORT = re.compile(r"[0-9A-Z]{5,17}")
_HONG_KONG_MACAO = re.compile(r"[HM](\d{8}|\d{10})")
_TAIWAN = re.compile(r"\d{8}|\d{10}(\([A-Z]\))?")
_OTHER = re.compile(r"[0-9A-Z\u4e00-\u9fff()\-/]{4,40}")


def identity_fault(identity_type: str, number: str) -> str | None:
    """What is wrong with a normalised number of a type, or None."""
    if identity_type == IdentityType.CREDIT_CODE.value:
        return credit_code_fault(number)
    if identity_type == IdentityType.CITIZEN_ID.value:
        return citizen_id_fault(number, clock.today())
    if set(number) == {"0"}:
        return "证件号码不会全是 0。请对照证件再核一遍"
    if identity_type == IdentityType.PASSPORT.value:
        if _CHINESE_PASSPORT.fullmatch(number) or _FOREIGN_PASSPORT.fullmatch(number):
            return None
        return "护照号码是 5 到 17 位大写字母和数字。请对照护照再核一遍"
    if identity_type == IdentityType.HONG_KONG_MACAO_PERMIT.value:
        if _HONG_KONG_MACAO.fullmatch(number):
            return None
        return "港澳居民来往内地通行证号码以 H 或 M 开头，后面 8 位或 10 位数字"
    if identity_type == IdentityType.TAIWAN_PERMIT.value:
        if _TAIWAN.fullmatch(number):
            return None
        return "台湾居民来往大陆通行证号码是 8 位或 10 位数字"
    if not _OTHER.fullmatch(number):
        return "证件号码是 4 到 40 位的字母、数字或汉字。请对照证件再核一遍"
    return None


def type_fits_kind(identity_type: str, kind: str) -> bool:
    """Whether a holder of a kind can have an identity of a type."""
    organisation = kind != HolderKind.NATURAL_PERSON.value
    return (identity_type in ORGANISATION_TYPES) == organisation


# The types by which a natural person is known, for a choice.
PERSONAL_TYPES = [
    (value, label)
    for value, label in IdentityType.choices
    if type_fits_kind(value, HolderKind.NATURAL_PERSON.value)
]
