"""The running identity services, once a run of these tests."""

from collections.abc import Iterator

import pytest

from tests.parties.identity import services


@pytest.fixture(scope="package")
def issuer() -> Iterator[str]:
    """An OpenID provider that is not ours."""
    with services.openid_provider() as address:
        yield address


@pytest.fixture(scope="package")
def sample() -> Iterator[str]:
    """Our stand-in of a province's sign-on."""
    with services.stand_in() as address:
        yield address
