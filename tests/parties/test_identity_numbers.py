"""Identity numbers with the document they stand in, as people write them (GB/T 36903)."""

import pytest

from tests.factories.parties import citizen_id
from zezhou_portal.parties.identity_numbers import (
    DOCUMENTS,
    IdentityNumber,
    identity_text,
    read_identity,
)
from zezhou_portal.parties.masking import mask_identity
from zezhou_portal.parties.models import IdentityType

OWN = citizen_id(601)


@pytest.mark.parametrize(
    ("text", "document", "stored", "code"),
    [
        (OWN, "", OWN, "111"),
        (f" {OWN[:6]} {OWN[6:].lower()}", "", OWN, "111"),
        (f"居民身份证：{OWN}", "", OWN, "111"),
        ("护照 E12345678", "", "普通护照 E12345678", "414"),
        ("护照号：e12345678", "", "普通护照 E12345678", "414"),
        ("护照Ｅ１２３４５６７８", "", "普通护照 E12345678", "414"),
        ("普通护照号码 E12345678", "", "普通护照 E12345678", "414"),
        ("外交护照 DE1234567", "", "外交护照 DE1234567", "411"),
        ("回乡证H12345678", "", "港澳居民来往内地通行证 H12345678", "516"),
        ("台胞证 12345678", "", "台湾居民来往大陆通行证 12345678", "511"),
        ("永居证 911124198108030024", "", "外国人永久居留身份证 911124198108030024", "999"),
        ("E12345678", "护照", "普通护照 E12345678", "414"),
        ("护照 E12345678", "身份证", "普通护照 E12345678", "414"),
        ("E12345678", "", "E12345678", ""),
        (OWN, "不认识的证", OWN, ""),
        ("护照", "", "", "414"),
        ("", "", "", ""),
    ],
)
def test_text_when_a_document_is_named_or_not_then_read_so(
    text: str, document: str, stored: str, code: str
) -> None:
    read = read_identity(text, document)
    assert (str(read), read.type) == (stored, code)
    if code and read.number:
        assert read_identity(stored) == read


def test_types_when_listed_then_all_sixteen_of_the_standard() -> None:
    assert {DOCUMENTS[label] for label in IdentityType.labels} == set(IdentityType.values)
    for code in IdentityType.values:
        text = identity_text(code, "A1234567")
        assert read_identity(text) == IdentityNumber(IdentityType(code).label, "A1234567") or (
            code == "111" and text == "A1234567"
        )


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        (OWN, OWN[:6] + "********" + OWN[-4:]),
        ("普通护照 E12345678", "普通护照 E1*****78"),
        ("外国人永久居留身份证 911124198108030024", "外国人永久居留身份证 911124********0024"),
    ],
)
def test_number_when_hidden_then_its_document_can_be_read(text: str, hidden: str) -> None:
    assert mask_identity(text) == hidden
