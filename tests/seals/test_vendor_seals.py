"""Seals as other vendors make them: times without zone, lists of signers of many forms, strings."""

from datetime import datetime, timedelta

import pytest

from seals.crypto import der, sm3
from seals.crypto.seal_structure import parse_seal
from tests.seals.conftest import END, SIGNED_AT, START, answers
from tests.seals.vendor import ALL_YES


def seal_with(county, *, times=None, kind=1, listed=None, name=None, list_tag=der.SEQUENCE):
    """Make a V4 seal some of whose fields are written in another way."""
    certificate = county.signer.certificate_der
    header = der.sequence(der.text(der.IA5, "ES"), der.integer(4), der.text(der.IA5, "OTHER"))
    described = der.sequence(
        der.integer(1),
        name or der.text(der.UTF8, "他家印章"),
        der.integer(kind),
        der.encode(list_tag, listed or der.octets(certificate)),
        *(times or [der.generalized_time(one).encoded() for one in (START, START, END)]),
    )
    picture = der.sequence(
        der.text(der.IA5, "PNG"), der.octets(b"x"), der.integer(42), der.integer(42)
    )
    info = der.sequence(header, der.text(der.IA5, "1"), described, picture)
    maker = county.maker
    return der.sequence(
        info,
        der.octets(maker.certificate_der),
        der.object_id("1.2.156.10197.1.501"),
        der.bits(maker.sign(info)),
    )


def zoneless(*moments: datetime) -> list[bytes]:
    return [
        der.encode(der.GENERALIZED_TIME, one.strftime("%Y%m%d%H%M%S").encode()) for one in moments
    ]


def found_with(vendor, seal: bytes):
    vendor.seal = seal
    return answers(vendor.found())


def test_seal_whose_times_have_no_zone_is_read(vendor):
    seal = seal_with(vendor.county, times=zoneless(START, START, END))
    assert found_with(vendor, seal) == ALL_YES
    assert parse_seal(seal).encoded() == seal


@pytest.mark.parametrize(
    ("hours", "answer"),
    [(-9, "no"), (-1, "no"), (1, "not_known"), (7, "not_known"), (9, "yes")],
)
def test_seal_that_ends_within_the_hours_of_the_missing_zone_is_not_known(vendor, hours, answer):
    beijing = SIGNED_AT + timedelta(hours=hours)
    seal = seal_with(vendor.county, times=zoneless(START, START, beijing))
    assert found_with(vendor, seal)["seal_valid_when_sealed"] == answer


SM3_ID = der.object_id("1.2.156.10197.1.401")


@pytest.mark.parametrize("kind", [0, 1, 2, 3, 9])
@pytest.mark.parametrize(
    ("write", "answer"),
    [
        (der.octets, "yes"),
        (lambda one: one, "yes"),
        (
            lambda one: der.sequence(der.text(der.PRINTABLE, "SM3"), der.octets(sm3.digest(one))),
            "yes",
        ),
        (lambda one: der.sequence(der.text(der.UTF8, "sm3"), der.octets(sm3.digest(one))), "yes"),
        (lambda one: der.sequence(SM3_ID, der.octets(sm3.digest(one))), "yes"),
        (lambda one: der.octets(sm3.digest(one)), "not_known"),
        (lambda one: der.encode(0x80, sm3.digest(one)), "not_known"),
        (lambda one: der.text(der.UTF8, "序列号"), "not_known"),
        (lambda one: der.sequence(der.integer(4), der.octets(b"x")), "not_known"),
    ],
    ids=[
        "octets",
        "bare",
        "digest",
        "utf-8",
        "identifier",
        "bare digest",
        "tagged",
        "text",
        "pair",
    ],
)
def test_list_of_signers_is_read_by_the_form_of_its_entries(vendor, kind, write, answer):
    entry = write(vendor.county.signer.certificate_der)
    for tag in (der.SEQUENCE, der.SET):
        seal = seal_with(vendor.county, kind=kind, listed=entry, list_tag=tag)
        found = found_with(vendor, seal)
        assert found["signer_in_seal"] == answer
        assert found["seal_signed_by_maker"] == "yes"


def test_signer_that_a_list_we_understand_does_not_name_is_a_no(vendor):
    other = der.octets(vendor.county.maker.certificate_der)
    assert found_with(vendor, seal_with(vendor.county, listed=other))["signer_in_seal"] == "no"
    mixed = other + der.text(der.UTF8, "?")
    assert found_with(vendor, seal_with(vendor.county, listed=mixed))["signer_in_seal"] == (
        "not_known"
    )


@pytest.mark.parametrize("tag", [der.UTF8, der.PRINTABLE, der.IA5, der.T61])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_name_of_a_seal_is_read_in_whichever_string_type(vendor, tag, encoding):
    seal = seal_with(vendor.county, name=der.encode(tag, "他家印章".encode(encoding)))
    assert parse_seal(seal).property.name == "他家印章"
    assert found_with(vendor, seal) == ALL_YES
