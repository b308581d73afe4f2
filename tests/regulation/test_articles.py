"""Articles, instruments and actions: what is cited exists, what has ended says so (M.32)."""

from datetime import date

import pytest

from zezhou_portal.regulation.actions import BY_CODE, Action
from zezhou_portal.regulation.articles import ARTICLES, article
from zezhou_portal.regulation.instruments import INSTRUMENTS, MEASURES, in_force, instrument_of


def test_the_three_texts_have_their_articles_and_no_others():
    measures = {f"M.{n}" for n in range(1, 33)} - {"M.30"}
    seals = {f"S.{n}" for n in range(1, 20)}
    assert {one for one in ARTICLES if one.startswith("M.")} == measures
    assert {one for one in ARTICLES if one.startswith("S.")} == seals
    assert len([one for one in ARTICLES if one.startswith("P.")]) == 17


def test_the_article_that_the_text_has_not_is_not_there():
    with pytest.raises(KeyError):
        article("M.30")


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("M.1", "办法第一条"), ("M.9", "办法第九条"), ("M.10", "办法第十条"),
        ("M.19", "办法第十九条"), ("M.20", "办法第二十条"), ("M.32", "办法第三十二条"),
        ("S.12", "印章办法第十二条"), ("P.2.2.1", "方案第 2.2.1 项"),
    ],
)  # fmt: skip
def test_articles_are_named_as_people_cite_them(reference, name):
    assert article(reference).name == name


@pytest.mark.article("M.32")
def test_the_measures_ended_after_two_years_by_their_own_words():
    assert (MEASURES.issued_on, MEASURES.ends_on) == (date(2022, 11, 25), date(2024, 11, 24))
    assert not in_force("M.9", date(2022, 11, 24))
    assert in_force("M.9", date(2022, 11, 25))
    assert in_force("M.9", date(2024, 11, 24))
    assert not in_force("M.9", date(2024, 11, 25))


@pytest.mark.article("S.19")
def test_the_seal_measures_and_the_plan_name_no_end():
    assert in_force("S.12", date(2040, 1, 1))
    assert in_force("P.2.2.1", date(2040, 1, 1))
    assert not article("S.12").in_force(date(2022, 11, 24))
    assert article("S.12").instrument is INSTRUMENTS["S"]


def test_every_article_has_a_gist_and_an_instrument():
    for reference, found in ARTICLES.items():
        assert found.reference == reference
        assert found.gist
        assert found.instrument is instrument_of(reference)


def test_every_action_cites_an_article_and_has_a_code_of_its_own():
    assert len(BY_CODE) == len(Action)
    for action in Action:
        assert action.article in ARTICLES
        assert action.code == action.name.lower()
        assert action.words
