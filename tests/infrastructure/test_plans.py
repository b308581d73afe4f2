"""Pages stay quick when the county grows: each query reads by its index, never a whole table.

A plan is asked for of tables that the planner believes to hold a million rows (`tests.plans`).
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import QuerySet

from licences.applications import selectors as applications
from licences.models import Application, ApplicationHolder, Licence, LicenceHolder
from tests.cast import Cast
from tests.factories.licences import Applications
from tests.factories.seals import seal_of
from tests.licences.register.making import food
from tests.plans import believe_large, plan_of, scanned_whole
from zezhou_portal.parties.models import Holder

pytestmark = pytest.mark.usefixtures("wednesday")

LARGE = (Application, ApplicationHolder, Holder, Licence, LicenceHolder)
Question = Callable[[Cast], "QuerySet[Any]"]


@pytest.fixture
def large(cast: Cast) -> Cast:
    """A county of which everything is believed to be there a million times."""
    Applications(cast).received()
    seal_of(cast.market)
    food(cast)
    believe_large(*LARGE, but_nearly_all=["closed_applications"])
    return cast


def _step(step: str) -> Question:
    return lambda cast: applications.queue(cast.actor("market.clerk"), step)


def _closed(cast: Cast) -> "QuerySet[Any]":
    return _step("closed")(cast).order_by("-since", "-pk")[:21]


def _searched(step: str, words: str) -> Question:
    return lambda cast: _step(step)(cast).filter(applications.named(words))


def _faults(cast: Cast, questions: list[tuple[Question, str]]) -> list[str]:
    """The plans that read a large table whole, or that do without their index."""
    plans = [(index, plan_of(question(cast))) for question, index in questions]
    return [
        f"{index}:\n{plan}"
        for index, plan in plans
        if index not in plan or scanned_whole(plan) & {one._meta.db_table for one in LARGE}
    ]


def test_desk_when_a_million_then_by_its_index(large: Cast) -> None:
    questions = [
        (_step("capture"), "open_applications"),
        (_step("review"), "open_applications"),
        (_step("sign-off"), "open_applications"),
        (_step("returned"), "open_applications"),
        (_step("file"), "licences_awaiting_their_file"),
        (_step("open"), "open_applications"),
        (_step("open"), "licences_awaiting_their_file"),
        (_closed, "closed_applications"),
        (_searched("closed", "晋香食府"), "holders_by_parts_of_name"),
        (_searched("closed", "00012"), "applications_by_number_s_end"),
    ]
    assert _faults(large, questions) == []
