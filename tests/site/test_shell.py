"""The frame of a page: who acts, and only the places that the capabilities permit."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.shortcuts import render
from django.test import RequestFactory

from tests.factories.parties import DepartmentFactory, PostingFactory
from zezhou_portal.kernel.actors import Actor, ActorKind, public
from zezhou_portal.parties.capabilities import Capability, Role
from zezhou_portal.parties.models import Department
from zezhou_portal.parties.waiting.queues import Queue, WaitingItem
from zezhou_portal.regulation.errors import NotPermitted
from zezhou_portal.site.navigation import RAIL, Place
from zezhou_portal.site.shell import Shell

pytestmark = pytest.mark.django_db
PLACE = Place("往来", "帮助", "bell", "portal:help")


def never(row: object, actor: Actor) -> WaitingItem:
    raise AssertionError("a figure shows no row")


def request_of(actor: Actor, path: str = "/") -> HttpRequest:
    request = RequestFactory().get(path)
    request.actor, request.postings, request.user = actor, [], AnonymousUser()
    return request


def official(*grants: Capability, department_id: int | None = None) -> Actor:
    return Actor(
        kind=ActorKind.OFFICIAL,
        key="someone",
        name="王丽娟",
        role="采集员",
        department_id=department_id,
        department_name="泽州县水务局",
        grants=frozenset(one.value for one in grants),
    )


def labels(shell: Shell) -> list[str]:
    return [entry.label for group in shell.rail for entry in group.entries]


def test_public_has_no_rail_and_no_person() -> None:
    shell = Shell(request_of(public()))
    assert (shell.rail, shell.person) == ([], None)


def test_rail_shows_what_the_capabilities_permit_and_nothing_else() -> None:
    shell = Shell(request_of(official(Capability.MANAGE_DEPARTMENTS), "/departments/"))
    assert "单位" in labels(shell)
    assert "账号" not in labels(shell)
    assert shell.place == "单位"


def test_every_place_of_the_rail_stands_in_one_of_the_three_groups() -> None:
    assert {place.group for place in RAIL} == {"工作", "登记", "往来"}


def test_count_and_urgency_come_from_the_queues_of_the_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    two = DepartmentFactory(), DepartmentFactory()
    rows = Department.objects.filter(pk__in=[row.pk for row in two])
    queue = Queue(code="two", words="两个", rows=lambda actor: rows, item=never, voice="no")
    monkeypatch.setattr("zezhou_portal.site.navigation.RAIL", (PLACE,))
    monkeypatch.setattr(
        "zezhou_portal.site.navigation.queues_of",
        lambda actor: [replace(queue, place=PLACE.name), replace(queue, code="elsewhere")],
    )
    entry = Shell(request_of(official())).rail[0].entries[0]
    assert (entry.count, entry.urgent) == (2, True)
    monkeypatch.setattr(
        "zezhou_portal.site.navigation.queues_of",
        lambda actor: [replace(queue, place=PLACE.name, voice="")],
    )
    entry = Shell(request_of(official())).rail[0].entries[0]
    assert (entry.count, entry.urgent) == (2, False)


def test_refusal_names_the_capability_and_whom_to_turn_to() -> None:
    department = DepartmentFactory()
    posting = PostingFactory(department=department, role=Role.SIGNATORY)
    PostingFactory(role=Role.SIGNATORY)
    request = request_of(official(department_id=department.pk))
    problem = NotPermitted(Capability.ISSUE_LICENCES.value, "这一步由签发人办理。")
    html = render(request, "403.html", {"problem": problem}, status=403).content.decode()
    assert "这一步由签发人办理。" in html
    assert "<dt>缺的权限</dt>" in html
    assert "签发" in html
    assert html.count(posting.account.name) == 1


def test_refusal_without_colleagues_says_where_to_ask() -> None:
    request = request_of(official(department_id=DepartmentFactory().pk))
    problem = NotPermitted(Capability.ISSUE_LICENCES.value, "这一步由签发人办理。")
    html = render(request, "403.html", {"problem": problem}, status=403).content.decode()
    assert "本单位现在没有人有这项权限。" in html


def test_failure_page_needs_neither_request_nor_database() -> None:
    html = render(None, "500.html").content.decode()
    assert "要么全成，要么不动" in html
