"""Codes: made only here, understood only when they are ours, whatever is scanned or typed."""

import math
import uuid
from collections import Counter

import pytest
from hypothesis import given, strategies

from usage.verifying import codes
from usage.verifying.codes import ALPHABET, Kind, Understood, understand

PORTAL = "https://zz.example"
SECRET = "23456789ABCDEFGH"
COPY = "ABCDEFGHJKLM"


def kind(text: str, portal: str = PORTAL) -> Kind:
    return understand(text, portal).kind


def test_secret_when_made_then_eighty_bits_of_the_alphabet() -> None:
    made = [codes.make(str(uuid.UUID(int=key)), place) for key in range(1000) for place in range(4)]
    assert math.log2(len(ALPHABET)) * codes.SECRET_LENGTH == 80
    assert len(set(ALPHABET)) == 32
    assert not set(ALPHABET) & set("01IO")
    for one in made:
        assert len(one.secret) == codes.SECRET_LENGTH
        assert set(one.secret) <= set(ALPHABET)
        assert len(one.number) == codes.NUMBER_LENGTH
        assert one.number.isdecimal()
        assert one.spoken.replace(" ", "") == one.number
    # every place of the secret takes every character: no bit stands still
    for place in range(codes.SECRET_LENGTH):
        seen = Counter(one.secret[place] for one in made)
        assert set(seen) == set(ALPHABET)
        assert max(seen.values()) < 3 * len(made) / 32


def test_secrets_when_a_hundred_thousand_are_made_then_none_twice() -> None:
    made = {codes.make(f"presentation-{key}", 0).secret for key in range(100_000)}
    assert len(made) == 100_000


@given(presentation=strategies.uuids(), place=strategies.integers(0, 10**6))
def test_code_when_asked_for_again_then_the_same_and_no_other(
    presentation: uuid.UUID, place: int
) -> None:
    made = codes.make(str(presentation), place)
    assert codes.make(str(presentation), place) == made
    assert codes.make(str(presentation), place + 1).secret != made.secret
    assert codes.secret_index(made.secret) != made.secret
    assert made.secret not in codes.secret_index(made.secret)


@given(presentation=strategies.uuids(), place=strategies.integers(0, 50))
def test_address_when_read_back_in_any_case_then_the_secret(
    presentation: uuid.UUID, place: int
) -> None:
    secret = codes.make(str(presentation), place).secret
    address = codes.address_of(secret, PORTAL)
    assert address == address.upper()
    for spelling in (address, address.lower(), f" {address}/ ", f"{address}?utm=1#x"):
        assert understand(spelling, PORTAL) == Understood(Kind.PRESENTATION, secret)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (SECRET, Kind.PRESENTATION),
        (" 2345 6789-abcd efgh ", Kind.PRESENTATION),
        ("２３４５６７８９ＡＢＣＤＥＦＧＨ", Kind.PRESENTATION),
        ("12345678", Kind.NUMBER),
        ("1234 5678", Kind.NUMBER),
        ("１２３４ ５６７８", Kind.NUMBER),
        ("١٢٣٤٥٦٧٨", Kind.UNCLEAR),  # digits, but not those of the screen
        ("1234567", Kind.UNCLEAR),
        ("123456789", Kind.UNCLEAR),
        (COPY, Kind.COPY),
        (f"{PORTAL}/C/{COPY}", Kind.COPY),
        (f"{PORTAL}/V/202600000001/ABCDEFGH", Kind.PRINTED),
        ("ZZ.EXAMPLE/V/202600000001/ABCDEFGH", Kind.PRINTED),
        (f"{PORTAL}/P/{SECRET}0", Kind.UNCLEAR),
        (f"{PORTAL}/P/12345678", Kind.UNCLEAR),  # a short number is no secret
        (f"{PORTAL}/P/{SECRET}/more", Kind.UNCLEAR),
        (f"{PORTAL}/catalogue/", Kind.UNCLEAR),
        (PORTAL + "/", Kind.UNCLEAR),
        ("", Kind.UNCLEAR),
        ("\0", Kind.UNCLEAR),
        ("晋泽水许〔2026〕第0012号", Kind.UNCLEAR),
        ("JY/2026/0012", Kind.UNCLEAR),  # a number with strokes in it is no address
        ("1.2.156.3005.2.1114052529141777X1005.11140525000900001E.202600000015.001.Q", Kind.UNCLEAR),
        ("A" * 401, Kind.UNCLEAR),
        ("2" * 10_000, Kind.UNCLEAR),
    ],
)  # fmt: skip
def test_text_when_scanned_or_typed_then_understood(text: str, wanted: Kind) -> None:
    assert kind(text) is wanted


@pytest.mark.parametrize(
    "text",
    [
        f"https://evil.example/P/{SECRET}",
        f"https://zz.example@evil.example/P/{SECRET}",
        f"https://evil@zz.example/P/{SECRET}",
        f"https://zz.example:secret@evil.example/P/{SECRET}",
        f"https://zz.example.evil.example/P/{SECRET}",
        f"https://evil-zz.example/P/{SECRET}",
        f"https://zz.example:8443/P/{SECRET}",
        f"https://zz.example:99999/P/{SECRET}",
        f"https://zz.example:x/P/{SECRET}",
        f"https://zz.example./P/{SECRET}",
        f"https://zz\u3002example/P/{SECRET}",
        f"https://ｚｚ.example/P/{SECRET}",
        f"https://xn--zz-example/P/{SECRET}",
        f"https://ζζ.example/P/{SECRET}",
        f"https://zz.example\\@evil.example/P/{SECRET}",
        f"https://evil.example\\.zz.example/P/{SECRET}",
        f"ftp://zz.example/P/{SECRET}",
        f"javascript://zz.example/P/{SECRET}",
        f"weixin://dl/business/?t={SECRET}",
        f"//evil.example/P/{SECRET}",
        f"https://[::1]/P/{SECRET}",
        f"https://[zz.example/P/{SECRET}",
        f"https://zz.example℀evil/P/{SECRET}",
        f"evil.example/P/{SECRET}",
        "https://zz.example@evil/" + "a" * 500,
    ],
)
def test_address_of_somebody_else_when_scanned_then_foreign(text: str) -> None:
    assert kind(text) is Kind.FOREIGN


@pytest.mark.parametrize(
    "text",
    [
        "HTTPS://ZZ.EXAMPLE/p/", "zz.example/P/", "https://zz.example:443/P/",
        "http://zz.example/P/", "https://zz.example//P//",
    ],
)  # fmt: skip
def test_own_address_when_spelled_otherwise_then_still_ours(text: str) -> None:
    assert understand(f"{text}{SECRET}", PORTAL) == Understood(Kind.PRESENTATION, SECRET)


def test_own_address_when_it_has_a_port_then_that_port_alone() -> None:
    portal = "http://127.0.0.1:8000"
    assert kind(f"http://127.0.0.1:8000/P/{SECRET}", portal) is Kind.PRESENTATION
    assert kind(f"127.0.0.1:8000/P/{SECRET}", portal) is Kind.PRESENTATION
    for other in ("http://127.0.0.1/P/", "http://127.0.0.1:8001/P/", "http://localhost:8000/P/"):
        assert kind(f"{other}{SECRET}", portal) is Kind.FOREIGN


@given(text=strategies.text(max_size=500))
def test_text_when_arbitrary_then_never_a_failure(text: str) -> None:
    for portal in (PORTAL, "http://127.0.0.1:8000"):
        found = understand(text, portal)
        assert found.kind in Kind
    codes.is_address(text)
    codes.secret_of(text)
    codes.letters_of(text)


@given(host=strategies.text(min_size=1, max_size=40))
def test_secret_when_behind_any_other_host_then_never_read(host: str) -> None:
    found = understand(f"https://{host}/P/{SECRET}", PORTAL)
    # a stroke, a query or a fragment ends the host: only then can ours stand in front
    own = host.strip().lower().replace("\t", "").replace("\n", "").replace("\r", "")
    is_ours = own.startswith(("zz.example/", "zz.example?", "zz.example#")) or own in {
        "zz.example", "zz.example:443", "zz.example:",
    }  # fmt: skip
    assert found.kind is not Kind.PRESENTATION or is_ours


def test_secret_at_the_end_of_an_address_when_of_another_shape_then_unclear() -> None:
    assert codes.secret_of(SECRET.lower()) == Understood(Kind.PRESENTATION, SECRET)
    for text in ("12345678", SECRET[:-1], f"{SECRET}2", "", "\0", SECRET.replace("2", "0")):
        assert codes.secret_of(text).kind is Kind.UNCLEAR
