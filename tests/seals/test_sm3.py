"""SM3 against the standard's examples, by both ways of reaching it (GB/T 32905-2016, annex A)."""

import pytest

from seals.crypto import sm3

EXAMPLES = [
    (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
    (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    (b"", "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"),
]


@pytest.mark.parametrize("way", [sm3.digest, sm3._by_hashlib, sm3._by_libcrypto])
@pytest.mark.parametrize(("data", "expected"), EXAMPLES)
def test_digest_when_made_then_as_in_the_standard(way, data, expected) -> None:
    assert way(data).hex() == expected
    assert len(way(data)) == sm3.SIZE
