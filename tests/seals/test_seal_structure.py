"""Seals and signature values: the vectors of another implementation, our own, and broken ones."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from seals.crypto import der, sm2, sm3
from seals.crypto.certificates import read_certificate
from seals.crypto.seal_building import build_signature
from seals.crypto.seal_structure import BadStructure, Structure, parse_seal, parse_signature
from tests.seals.conftest import SIGNED_AT, START, make_seal

FOLDER = Path(__file__).parents[1] / "vectors" / "ofd"


def is_signed(certificate: bytes, signature: bytes, message: bytes) -> bool:
    return sm2.verify(read_certificate(certificate).spki, signature, message)


@pytest.mark.parametrize(
    ("file", "structure", "version", "name", "until"),
    [
        ("seal-v1.esl", Structure.V1, 1, "OFDRW测试用印章", datetime(2022, 4, 22, 2, 18, 7)),
        ("seal-v4.esl", Structure.V4, 4, "OFD R&W 测试用印章", datetime(2022, 4, 22, 2, 9)),
        ("seal-v5.esl", Structure.V5, 5, "OFD R&W V5测试用印章", datetime(2028, 4, 24, 8, 53, 23)),
    ],
)
def test_seal_of_each_edition_is_read_verified_and_encoded_again(
    file, structure, version, name, until
):
    data = (FOLDER / file).read_bytes()
    seal = parse_seal(data)
    assert (seal.structure, seal.version, seal.property.name) == (structure, version, name)
    assert seal.property.valid_until == until.replace(tzinfo=UTC)
    assert (seal.picture.kind, seal.picture.width, seal.picture.height) == ("PNG", 40, 40)
    assert len(seal.property.certificates) == 1
    assert seal.encoded() == data
    assert is_signed(seal.maker_certificate, seal.signature, seal.signed_bytes())


def test_signature_value_of_another_implementation_is_read_verified_and_encoded_again():
    data = (FOLDER / "signed-value-v4.dat").read_bytes()
    value = parse_signature(data)
    assert value.structure is Structure.V4
    assert value.signed_at == datetime(2020, 10, 12, 11, 14, 3, tzinfo=UTC)
    assert value.property_info == "/Doc_0/Signs/Sign_0/Signature.xml"
    assert value.encoded() == data
    assert is_signed(value.certificate, value.signature, value.signed_bytes())
    assert is_signed(value.seal.maker_certificate, value.seal.signature, value.seal.signed_bytes())


def test_our_seal_and_signature_are_version_4_and_verify(county):
    seal = parse_seal(county.seal)
    assert (seal.structure, seal.version) == (Structure.V4, 4)
    assert seal.property.name == "泽州县样例局"
    assert seal.property.certificates == (county.signer.certificate_der,)
    assert (seal.extensions, seal.time_stamp) == (b"", b"")
    assert is_signed(county.maker.certificate_der, seal.signature, seal.signed_bytes())
    data = build_signature(
        seal_der=county.seal,
        signed_at=SIGNED_AT,
        data_hash=sm3.digest(b"xml"),
        property_info="/Doc_0/Signs/Sign_0/Signature.xml",
        signer=county.signer,
    )
    value = parse_signature(data)
    assert (value.signed_at, value.data_hash) == (SIGNED_AT, sm3.digest(b"xml"))
    assert value.seal == seal
    assert is_signed(value.certificate, value.signature, value.signed_bytes())


@pytest.mark.parametrize("file", ["seal-v1.esl", "seal-v4.esl", "seal-v5.esl"])
def test_seal_with_bytes_missing_or_following_is_refused(file):
    data = (FOLDER / file).read_bytes()
    for bad in (data[:-1], data + b"\0", data[1:], b"", data[:4]):
        with pytest.raises(BadStructure):
            parse_seal(bad)


def rebuilt(seal: bytes, **changes: bytes) -> bytes:
    """Give a V4 seal with fields of its information changed or added, unsigned anew."""
    top = der.Cursor(der.only(seal, der.SEQUENCE).content)
    info = der.Cursor(top.take(der.SEQUENCE).content)
    names = ("header", "id", "property", "picture")
    fields = {name: info.take(info.peek()).whole for name in names} | changes
    rest = [top.take(tag).whole for tag in (der.OCTET_STRING, der.OBJECT_ID, der.BIT_STRING)]
    return der.sequence(der.sequence(*fields.values()), *rest)


EXTENSION = der.sequence(der.object_id("1.2.3.4"), der.octets(b"x"))


@pytest.mark.parametrize(
    "extensions",
    [der.sequence(EXTENSION), der.encode(der.TAG_0, der.sequence(EXTENSION))],
    ids=["untagged", "tagged"],
)
def test_optional_extensions_are_read_with_and_without_tag(county, extensions):
    data = rebuilt(county.seal, extensions=extensions)
    seal = parse_seal(data)
    assert seal.extensions == extensions
    assert seal.encoded() == data


@pytest.mark.parametrize(
    "header",
    [
        der.sequence(der.text(der.IA5, "XX"), der.integer(4), der.text(der.IA5, "v")),
        der.sequence(der.text(der.IA5, "ES"), der.integer(6), der.text(der.IA5, "v")),
        der.sequence(der.text(der.IA5, "ES"), der.integer(1), der.text(der.IA5, "v")),
        der.sequence(der.text(der.IA5, "ES"), b"\x02\x02\x00\x04", der.text(der.IA5, "v")),
        der.sequence(der.text(der.IA5, "ES"), der.integer(4)),
    ],
    ids=["not ES", "version 6", "version 1 in the shape of 4", "long integer", "no vendor"],
)
def test_seal_with_another_header_is_refused(county, header):
    with pytest.raises(BadStructure):
        parse_seal(rebuilt(county.seal, header=header))


@pytest.mark.parametrize(
    "bad",
    [
        b"\x30\x80\x00\x00",
        b"\x30\x81\x01\x00",
        b"\x30\x85\x00\x00\x00\x00\x01",
        b"\x3f\x81\x00",
        b"\x30",
        b"\x30\x82\x00\x80" + b"\0" * 128,
    ],
)
def test_der_that_is_not_strict_is_refused(bad):
    with pytest.raises(BadStructure):
        list(der.elements(bad))


@pytest.mark.parametrize(
    ("tag", "text", "moment"),
    [
        (der.GENERALIZED_TIME, b"20261118020000Z", SIGNED_AT),
        (der.GENERALIZED_TIME, b"20261118100000+0800", SIGNED_AT),
        (der.GENERALIZED_TIME, b"20261118020000.5Z", SIGNED_AT.replace(microsecond=500000)),
        (der.UTC_TIME, b"261118020000Z", SIGNED_AT),
        (der.UTC_TIME, b"500101000000Z", datetime(1950, 1, 1, tzinfo=UTC)),
    ],
)
def test_times_are_read_with_their_zone_and_written_as_they_were(tag, text, moment):
    data = der.encode(tag, text)
    read = der.read_time(der.only(data, tag))
    assert read.moment == moment
    assert read.encoded() == data


@pytest.mark.parametrize("text", [b"20261118020000", b"20261318020000Z", b"", b"20261118", b"\xff"])
def test_time_without_zone_or_calendar_is_refused(text):
    with pytest.raises(BadStructure):
        der.read_time(der.only(der.encode(der.GENERALIZED_TIME, text), der.GENERALIZED_TIME))


@pytest.mark.parametrize("value", [0, 1, 127, 128, 255, 256, -1, -128, -129, 1 << 255])
def test_integers_come_back(value):
    assert der.Cursor(der.integer(value)).integer() == value


@pytest.mark.parametrize("value", ["1.2.156.10197.1.501", "2.5.4.3", "0.9.2342", "2.999.1"])
def test_object_identifiers_come_back(value):
    assert der.Cursor(der.object_id(value)).object_id() == value


def test_seal_name_may_be_chinese_and_its_id_may_not(county):
    assert (
        parse_seal(make_seal(county.maker, county.signer, name="公安局")).property.name == "公安局"
    )
    with pytest.raises(UnicodeEncodeError):
        der.text(der.IA5, "公安局")
    with pytest.raises(ValueError, match="without zone"):
        der.generalized_time(START.replace(tzinfo=None))
