"""A market office with a seal and a food licence in force."""

import pytest

from licences.models import Licence
from tests.cast import Cast
from tests.factories.seals import seal_of
from tests.licences.register.making import food, produced


@pytest.fixture
def cast(db: None) -> Cast:
    """The people of the tests, with a seal for each of the two issuing departments."""
    made = Cast()
    seal_of(made.market)
    seal_of(made.land)
    return made


@pytest.fixture
def licence(cast: Cast) -> Licence:
    """A food licence in force."""
    return produced(food(cast))
