"""Habits of vendors, kind by kind: what differs in writing only is read, what is wrong is a no."""

import hashlib
from base64 import b64encode, urlsafe_b64encode
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seals.crypto import der, sm2, sm3
from seals.crypto.seal_structure import parse_signature
from seals.crypto.signature_values import readings
from seals.crypto.signing_times import of_field, of_text
from seals.documents.package import Package
from seals.documents.questions import Verdict
from seals.documents.verification import verify_package
from tests.seals.conftest import NOW, SIGNED_AT, answers
from tests.seals.vendor import ALL_YES, VALUE, XML, foreign_seal, v1_value

ORDER = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
MESSAGE = b"message"


@pytest.fixture(scope="module")
def key():
    return sm2.PrivateKey.generate()


def long_form(tag: int, content: bytes, octets: int) -> bytes:
    return bytes((tag, 0x80 | octets)) + len(content).to_bytes(octets, "big") + content


def written(data, r: int, s: int) -> bytes:
    """Write a signature as some vendor might."""
    if data.draw(st.booleans()):
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")
    numbers = b""
    for number in (r, s):
        zeros = data.draw(st.integers(0, 4))
        plain = number.to_bytes(max(1, (number.bit_length() + 7) // 8), "big")
        content = b"\0" * zeros + plain
        octets = data.draw(st.integers(0, 3))
        numbers += long_form(2, content, octets) if octets else der.encode(2, content)
    octets = data.draw(st.integers(0, 3))
    whole = long_form(0x30, numbers, octets) if octets else der.encode(0x30, numbers)
    return whole + b"\0" * data.draw(st.integers(0, 3))


@settings(max_examples=200, deadline=None)
@given(data=st.data(), message=st.binary(max_size=40))
def test_signature_is_judged_by_its_numbers_however_they_are_written(data, message, key):
    ((r, s),) = readings(key.sign(message))
    spki = key.public_spki()
    assert sm2.judge(spki, written(data, r, s), message) is sm2.Verified.RIGHT
    assert sm2.judge(spki, written(data, s, r), message) is sm2.Verified.WRONG
    assert sm2.judge(spki, written(data, r, s), message + b".") is sm2.Verified.WRONG


@pytest.mark.parametrize("numbers", [(0, 1), (1, 0), (ORDER, 1), (1, ORDER), (2**256 - 1,) * 2])
def test_numbers_that_no_signature_has_are_wrong(key, numbers):
    value = b"".join(number.to_bytes(32, "big") for number in numbers)
    assert sm2.judge(key.public_spki(), value, MESSAGE) is sm2.Verified.WRONG


@pytest.mark.parametrize(
    "value",
    [b"", b"x", b"\x30\x00", b"x" * 63, b"x" * 65, der.sequence(der.integer(1)), b"\x30\xff"],
)
def test_bytes_that_are_no_signature_are_unreadable(key, value):
    assert sm2.judge(key.public_spki(), value, MESSAGE) is sm2.Verified.UNREADABLE
    assert sm2.verify(key.public_spki(), value, MESSAGE) is False


def test_value_of_64_bytes_is_read_both_ways(key):
    """The two numbers may by chance look like a SEQUENCE."""
    inner = der.encode(2, b"\1" * 29) + der.encode(2, b"\1" * 29)
    value = der.sequence(inner)
    assert len(value) == 64
    assert len(list(readings(value))) == 2


@pytest.mark.parametrize("part", ["signature", "seal"])
def test_signature_value_that_cannot_be_read_is_not_known(vendor, part):
    def spoiled(xml: bytes) -> bytes:
        value = parse_signature(vendor.v4_value(xml))
        if part == "signature":
            return replace(value, signature=b"?" * 20).encoded()
        return replace(value, seal=replace(value.seal, signature=b"?" * 20)).encoded()

    vendor.seal_entry = ""
    found = answers(vendor.found(spoiled))
    code = "signature_right" if part == "signature" else "seal_signed_by_maker"
    assert found[code] == "not_known"


DIGESTS = {
    "base64": lambda one: b64encode(one).decode(),
    "unpadded": lambda one: b64encode(one).decode().rstrip("="),
    "for addresses": lambda one: urlsafe_b64encode(one).decode(),
    "in lines": lambda one: "\n ".join(
        b64encode(one).decode()[at : at + 8] for at in range(0, 44, 8)
    ),
    "hexadecimal": lambda one: one.hex(),
    "capitals": lambda one: one.hex().upper(),
    "in pairs": lambda one: one.hex(" "),
}
METHODS = ["SM3", "sm-3", "1.2.156.10197.1.401", "", "MD5", "SHA1", "SHA256"]


def with_values(vendor, write):
    stated = vendor.signature_xml
    digests = {b64encode(sm3.digest(data)).decode(): data for data in vendor.members.values()}

    def changed() -> bytes:
        xml = stated().decode()
        for value in {b64encode(sm3.digest(one)).decode() for one in vendor.members.values()}:
            xml = xml.replace(value, write(sm3.digest(digests.get(value, vendor.seal))))
        return xml.encode()

    vendor.signature_xml = changed


@pytest.mark.parametrize("spelling", DIGESTS)
@pytest.mark.parametrize("method", METHODS)
def test_digest_is_read_in_every_spelling_and_under_a_wrong_label(vendor, spelling, method):
    vendor.method = f' CheckMethod="{method}"' if method else ""
    vendor.seal_entry, vendor.seal = "", None
    with_values(vendor, DIGESTS[spelling])
    assert answers(vendor.found()) == ALL_YES


@pytest.mark.parametrize("spelling", DIGESTS)
@pytest.mark.parametrize("method", METHODS)
def test_changed_member_is_a_no_in_every_spelling(vendor, spelling, method):
    vendor.method = f' CheckMethod="{method}"' if method else ""
    vendor.seal_entry, vendor.seal = "", None
    with_values(vendor, DIGESTS[spelling])
    package = vendor.sealed(vendor.v4_value)
    changed = package.with_members({"Doc_0/Document.xml": b"<other/>"})
    found = verify_package(changed, trust=vendor.county.trust, now=NOW)
    assert answers(found)["references_match"] == "no"
    assert found.signatures[0].changed == ("/Doc_0/Document.xml",)


@pytest.mark.parametrize("value", ["", "?", "00", "x" * 5000, "AAAA"])
def test_digest_that_cannot_be_read_is_not_known_and_hides_no_change(vendor, value):
    vendor.seal_entry, vendor.seal = "", None
    first = b64encode(sm3.digest(vendor.members["OFD.xml"])).decode()
    stated = vendor.signature_xml
    vendor.signature_xml = lambda: stated().replace(first.encode(), value.encode())
    package = vendor.sealed(vendor.v4_value)
    found = verify_package(package, trust=vendor.county.trust, now=NOW)
    assert answers(found)["references_match"] == "not_known"
    changed = package.with_members({"Doc_0/Document.xml": b"<other/>"})
    found = verify_package(changed, trust=vendor.county.trust, now=NOW)
    assert answers(found)["references_match"] == "no"


RELIABLE = {
    "2026-11-18 10:00:00": SIGNED_AT,
    "2026-11-18T10:00:00": SIGNED_AT,
    "2026/11/18 10:00:00": SIGNED_AT,
    "2026.11.18 10:00:00": SIGNED_AT,
    "2026-11-18T10:00:00.123": SIGNED_AT,
    "2026-11-18T10:00:00+08:00": SIGNED_AT,
    "2026-11-18T02:00:00Z": SIGNED_AT,
    "2026-11-17T21:00:00-0500": SIGNED_AT,
    "20261118100000": SIGNED_AT,
    "20261118020000Z": SIGNED_AT,
    "20261118020000.5Z": SIGNED_AT,
    "20261118100000+0800": SIGNED_AT,
    " 20261118020000Z\n": SIGNED_AT,
}
DOUBTFUL = [
    "261118020000Z", "261118100000", "2611181000", "2026111810", "202611181000", "20261118",
    "2026-11-18", "2026-11-18 10", "2026-11-18 10:00", "26-11-18 10:00:00", "2026-1-8 10:00:00",
    "2026-11/18 10:00:00", "18/11/2026 10:00:00", "11/18/2026 10:00:00", "2026年11月18日",
    "20261318020000Z", "20260230020000Z", "20261118250000Z", "20261118026000Z", "20261118020060Z",
    "２０２６１１１８０２００００Z", "20261118020000z", "20261118020000GMT", "20261118020000 Z",
    "2026-11-18 10:00:00 CST", "1763431200", "0000-00-00 00:00:00", "20261118020000+8",
    "20261118020000+2500", "99999999999999", "yesterday", "x" * 5000,
]  # fmt: skip


@pytest.mark.parametrize("text", RELIABLE)
def test_time_in_a_form_that_is_whole_is_read(text):
    assert of_text(text).moment == RELIABLE[text]


@pytest.mark.parametrize("text", DOUBTFUL)
def test_time_that_leaves_something_open_is_kept_as_it_is_written(text):
    found = of_text(text)
    assert (found.moment, found.text) == (None, text[:64])


@settings(max_examples=300, deadline=None)
@given(moment=st.datetimes(datetime(1990, 1, 1), datetime(2999, 1, 1)), cut=st.integers(1, 13))
def test_no_digits_are_made_up(moment, cut):
    digits = moment.strftime("%Y%m%d%H%M%S")
    whole = of_text(digits + "Z").moment
    assert whole is not None
    assert whole.strftime("%Y%m%d%H%M%S") == digits
    assert of_text(digits[:-cut]).moment is None
    assert of_text(digits[cut:]).moment is None


@pytest.mark.parametrize(
    "field",
    [
        der.encode(der.GENERALIZED_TIME, b"20261118020000"),
        der.encode(der.GENERALIZED_TIME, b"2026111802Z"),
        der.encode(der.UTC_TIME, b"261118020000"),
        der.encode(der.UTC_TIME, b"2611180200Z"),
        der.bits(b"20261118020000"),
        der.bits(b"261118100000"),
        der.bits(b"2026111810"),
        der.bits(der.encode(der.GENERALIZED_TIME, b"20261118020000")),
        der.octets(b"2026-11-18 10:00:00"),
    ],
)
def test_time_of_a_value_without_zone_or_minutes_is_not_known_and_shown(field):
    (element,) = der.elements(field)
    found = of_field(element)
    assert found.moment is None
    assert found.text.startswith("2")


@pytest.mark.parametrize("version", [1, 4])
def test_signature_whose_time_is_doubtful_is_not_known_whatever_else_states_one(vendor, version):
    vendor.seal = foreign_seal(vendor.county, version=version)
    if version == 1:
        found = vendor.found(lambda xml: v1_value(vendor, xml, time=b"20261118020000"))
    else:
        found = vendor.found(lambda xml: with_time(vendor, xml, b"20261118020000"))
    given_answers = answers(found)
    assert given_answers["signature_right"] == "yes"
    assert given_answers["seal_valid_when_sealed"] == "not_known"
    (reason,) = (
        one.reason
        for one in found.signatures[0].answers
        if one.question.value == "seal_valid_when_sealed"
    )
    assert "“20261118020000”" in reason
    assert found.verdict is Verdict.INDETERMINATE


def with_time(vendor, xml: bytes, time: bytes) -> bytes:
    """Make a V4 value whose time is written so."""
    value = parse_signature(vendor.v4_value(xml))
    value = replace(value, time_info=der.encode(der.GENERALIZED_TIME, time))
    return replace(value, signature=vendor.county.signer.sign(value.signed_bytes())).encoded()


def encrypted(package: Package, *paths: str, in_place: bool) -> Package:
    """Encrypt members as GM/T 0099 does; a plain list of what was done lies beside them."""
    members = {}
    for path, data in package.members.items():
        if path not in paths:
            members[path] = data
        else:
            name = path if in_place else f"{path.rsplit('.', 1)[0]}.dat"
            members[name] = hashlib.sha256(data).digest() * 3
    return Package(
        {**members, "Encryptions.xml": b"<Encryptions/>", "entriesmap.dat": b"\x8f" * 64}
    )


@pytest.mark.parametrize("in_place", [True, False])
@pytest.mark.parametrize(
    "paths",
    [
        ("Doc_0/Document.xml",),
        ("Doc_0/Pages/Page_0/Content.xml", "Doc_0/Res/mark.png"),
        ("OFD.xml",),
        ("Doc_0/Signs/Signatures.xml",),
        (XML,),
    ],
)
def test_what_is_encrypted_is_not_known_and_said(vendor, paths, in_place):
    package = encrypted(vendor.sealed(vendor.v4_value), *paths, in_place=in_place)
    found = verify_package(package, trust=vendor.county.trust, now=NOW)
    assert found.verdict is Verdict.INDETERMINATE
    said = [found.problem, *(one.reason for each in found.signatures for one in each.answers)]
    assert any("GM/T 0099" in one for one in said)


def test_list_of_encryptions_hides_no_change(vendor):
    package = encrypted(vendor.sealed(vendor.v4_value), in_place=True)
    changed = package.with_members({"Doc_0/Document.xml": b"<other/>"})
    found = verify_package(changed, trust=vendor.county.trust, now=NOW)
    assert answers(found)["references_match"] == "no"


def test_file_of_a_hundred_seals_is_judged_seal_by_seal(vendor):
    package = vendor.sealed(vendor.v4_value)
    entries = []
    members = dict(package.members)
    for number in range(100):
        folder = f"Doc_0/Signs/Sign_{number + 1}/"
        xml = package[XML].replace(b"SignedValue.dat", b"Value.dat")
        members |= {f"{folder}Signature.xml": xml, f"{folder}Value.dat": vendor.v4_value(xml)}
        members[f"{folder}Seal.esl"] = vendor.seal
        entries.append(f'<Signature BaseLoc="Sign_{number + 1}/Signature.xml"/>')
    del members[XML], members[VALUE]
    listing = f"<Signatures>{''.join(entries)}</Signatures>".encode()
    whole = Package({**members, "Doc_0/Signs/Signatures.xml": listing})
    found = verify_package(whole, trust=vendor.county.trust, now=NOW)
    assert len(found.signatures) == 100
    # Sign_0's own seal is what the references name; every other part is checked by itself.
    assert {one.answer.value for each in found.signatures for one in each.answers} == {"yes"}
    for number in (3, 77):
        spoiled = f"Doc_0/Signs/Sign_{number}/Signature.xml"
        whole = whole.with_members({spoiled: whole[spoiled].replace(b"other", b"OTHER")})
    found = verify_package(whole, trust=vendor.county.trust, now=NOW)
    assert [number for number, _ in found.telling_signatures(2)] == [3, 77]
    assert [number for number, _ in found.telling_signatures(4)] == [1, 2, 3, 77]
    assert len(found.telling_signatures(200)) == 100
