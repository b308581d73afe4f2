"""Pages stay quick when the county grows: each query reads by its index, never a whole table.

A plan is asked for of tables that the planner believes to hold a million rows (`tests.plans`).
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import QuerySet

from audit.supervision.selectors import TrailQuery, records_found
from audit.supervision.things import thing_of
from audit.trail.models import Record
from licences.applications import selectors as applications
from licences.models import Application, ApplicationHolder, Licence, LicenceHolder
from licences.queues import EXPIRE
from licences.register import search
from licences.register.pages.register_views import (
    CountyFilter,
    CountyRegister,
    RegisterFilter,
    RegisterPage,
)
from tests.cast import Cast
from tests.factories.licences import Applications
from tests.factories.parties import HolderFactory
from tests.factories.seals import seal_of
from tests.holders import holder_actor
from tests.licences.register.making import food
from tests.plans import believe_large, believe_rare, plan_of, scanned_whole
from usage.wallet import selectors as wallet
from zezhou_portal.exchange import selectors as exchange
from zezhou_portal.exchange.models import Outbound
from zezhou_portal.exchange.pages.views import MessageFilter, Messages
from zezhou_portal.exchange.services.posting import post
from zezhou_portal.kernel import clock
from zezhou_portal.parties.holders.selectors import holders_dealt_with_by
from zezhou_portal.parties.models import Holder

pytestmark = pytest.mark.usefixtures("wednesday")

LARGE = (Application, ApplicationHolder, Holder, Licence, LicenceHolder, Outbound, Record)
NEARLY_ALL = ("closed_applications", "licences_that_may_expire")
Question = Callable[[Cast], "QuerySet[Any]"]


@pytest.fixture
def large(cast: Cast) -> Cast:
    """A county of which everything is believed to be there a million times."""
    Applications(cast).received()
    seal_of(cast.market)
    licence = food(cast)
    post("licence_detained", cast.market, licence.subject, 1, {})
    believe_large(*LARGE, but_nearly_all=NEARLY_ALL)
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


def _register(sort: str = "", **asked: str) -> Question:
    def question(cast: Cast) -> "QuerySet[Any]":
        actor = cast.actor("market.clerk")
        rows = RegisterFilter(asked, queryset=search.register_of(actor), actor=actor).qs
        order = (sort, "id") if sort else RegisterPage.order
        return rows.order_by(*order)[:21]

    return question


def _county(**asked: str) -> Question:
    def question(cast: Cast) -> "QuerySet[Any]":
        actor = cast.actor("bureau.supervisor")
        rows = CountyFilter(asked, queryset=search.county_register(actor), actor=actor).qs
        return rows.order_by(*CountyRegister.order)[:21]

    return question


def test_registers_when_a_million_then_by_their_index(large: Cast) -> None:
    market = large.market.credit_code
    questions = [
        (_register(), "licences_of_a_department"),
        (_register(kind=Licence.objects.get().type_code), "licences_of_a_kind"),
        (_register(state="DETAINED"), "rare_states_of_a_department"),
        (_register(sort="ends_on"), "licences_by_their_end"),
        (_register(q="常氏面馆"), "licences_by_parts_of_name"),
        (_county(), "licences_by_entry"),
        (_county(state="REVOKED"), "rare_states_of_the_county"),
        (_county(department=market), "licences_of_a_department"),
        (lambda _: search.departments_that_issued(), "licences_"),
        (lambda _: EXPIRE.due().order_by("valid_until", "pk")[:200], "licences_that_may_expire"),
    ]
    assert _faults(large, questions) == []


def _messages(**asked: str) -> Question:
    def question(cast: Cast) -> "QuerySet[Any]":
        actor = cast.actor("market.clerk")
        rows = MessageFilter(asked, queryset=exchange.visible_to(actor), actor=actor).qs
        return rows.order_by(*Messages.order)[:21]

    return question


def test_exchange_when_a_million_then_by_its_indexes(large: Cast) -> None:
    questions = [
        (_messages(), "messages_by_time"),
        (_messages(state="REFUSED"), "messages_of_a_department"),
        (_messages(topic="licence_detained"), "messages_of_a_topic"),
        (lambda _: exchange.open_by_department(), "open_messages"),
        (lambda _: exchange.departments_that_sent(), "messages_of_a_department"),
    ]
    assert _faults(large, questions) == []


def _trail(**asked: Any) -> Question:
    """A search within the month in which the records of the test are."""
    day = clock.today()
    query = TrailQuery(first=day.replace(day=1), last=day, **asked)
    return lambda _: records_found(query)[:31]


def test_trail_when_a_million_then_by_its_indexes(large: Cast) -> None:
    clerk = large.account("market.clerk")
    subject = Licence.objects.get()
    questions = [
        (_trail(), "_pkey"),
        (_trail(subject=subject.number), "subject_kind_subject_key"),
        (_trail(subject="常氏面馆"), "subject_kind_subject_key"),
        (_trail(subject=str(subject.uuid)), "subject_kind_subject_key"),
        (_trail(person=clerk.name), "actor_key"),
        (_trail(department=large.market.credit_code), "department_code"),
        (_trail(action="licence_consulted"), "action"),
        (_trail(outcome="refused"), "outcome"),
        (_trail(about=thing_of(f"account:{clerk.uuid}")), "actor_key"),
    ]
    assert _faults(large, questions) == []


def test_holder_when_they_have_thousands_then_asked_one_way_at_a_time(cast: Cast) -> None:
    holder = HolderFactory(enterprise=True, entered_by_department=cast.market)
    for part, is_theirs in (("market.clerk", True), ("land.clerk", False)):
        rows = holders_dealt_with_by(cast.actor(part)).filter(uuid=holder.uuid)
        assert "JOIN" not in str(rows.query).split("WHERE")[0]  # a row for each link, otherwise
        assert list(rows) == [holder] * is_theirs


def test_wallet_when_a_million_then_by_its_holder(large: Cast) -> None:
    actor = holder_actor(LicenceHolder.objects.get().holder)
    rows = wallet.cards_of(actor).order_by(*wallet.CARDS_ORDER)[:21]
    believe_rare(Holder, "same_as_id")
    assert _faults(large, [(lambda _: rows, "licences_licenceholder_holder_id")]) == []
