"""S.19: the seal rules are in force from the day of issue, without an end."""

from datetime import date

import pytest

from zezhou_portal.regulation.articles import article
from zezhou_portal.regulation.instruments import SEALS, in_force

pytestmark = pytest.mark.article("S.19")


def test_term_when_read_then_from_issue_without_an_end() -> None:
    assert (SEALS.issued_on, SEALS.ends_on) == (date(2022, 11, 25), None)
    assert not in_force("S.12", date(2022, 11, 24))
    assert in_force("S.12", date(2022, 11, 25))
    assert in_force("S.12", date(2099, 12, 31))


def test_article_when_named_then_by_its_own_instrument() -> None:
    assert article("S.12").name == "印章办法第十二条"
    assert article("M.32").name == "办法第三十二条"
