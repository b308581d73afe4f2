"""Reception: the first question, the holders, the kind, the duplicate (M.3, M.9)."""

import re

import pytest
from django.urls import reverse

from audit.trail.models import Record
from licences.applications.pages.reception_views import DECLARED
from licences.models import Application
from tests.factories.licences import MARRIAGE, Applications
from tests.factories.parties import HolderFactory, citizen_id, credit_code
from zezhou_portal.parties.models import Holder

pytestmark = pytest.mark.usefixtures("wednesday")
RECEIVE, SECRECY = reverse("licences:receive"), reverse("licences:secrecy")


@pytest.fixture
def clerk(cast, applications):
    """A clerk who has said that no state secret is touched; `reception` is the page that follows."""
    client = cast.client("market.clerk")
    client.reception = client.post(SECRECY, {"touched": "no"})["Location"]
    return client


def test_receive_when_the_question_is_not_answered_then_it_comes_first(cast, applications):
    client = cast.client("market.clerk")
    assert client.get(RECEIVE)["Location"] == reverse("licences:secrecy")
    assert client.post(RECEIVE, {"act": "receive"})["Location"] == reverse("licences:secrecy")
    text = client.get(reverse("licences:secrecy")).content.decode()
    assert "这件材料涉及国家秘密吗？" in text
    response = client.post(reverse("licences:secrecy"), {})
    assert response.status_code == 422
    assert "先回答这一题，再收件" in response.content.decode()


@pytest.mark.article("M.3")
def test_reception_when_given_up_then_the_next_one_is_asked_about_anew(clerk, applications):
    assert clerk.get(clerk.reception).status_code == 200
    for answer in (clerk.get(RECEIVE), clerk.post(RECEIVE, {"act": "receive"})):
        assert answer["Location"] == SECRECY
    assert clerk.get(f"{RECEIVE}?reception=1")["Location"] == SECRECY
    # a second reception in another window takes nothing from the first
    second = clerk.post(SECRECY, {"touched": "no"})["Location"]
    assert second != clerk.reception
    assert [clerk.get(one).status_code for one in (clerk.reception, second)] == [200, 200]


@pytest.mark.article("M.3")
def test_secret_when_yes_then_recorded_and_reception_stays_shut(cast, applications):
    client = cast.client("market.clerk")
    response = client.post(reverse("licences:secrecy"), {"touched": "yes"})
    assert "涉及国家秘密的，不能录入本系统" in response.content.decode()
    assert Record.objects.filter(action="secret_declared").count() == 1
    assert client.get(RECEIVE).status_code == 302


def test_find_when_by_code_or_part_of_a_name_then_listed_masked(clerk, applications):
    holder = HolderFactory(enterprise=True, name="泽州县巴公镇晋香食府")
    for words in (holder.identity_number, "晋香"):
        text = clerk.post(
            clerk.reception, {"act": "find", "q": words, "kind": applications.entry.type_code}
        ).content.decode()
        assert "泽州县巴公镇晋香食府" in text
        assert f'value="choose:{holder.uuid}"' in text
        assert f'code">{holder.identity_number}<' not in text
    assert Record.objects.filter(action="holders_searched").count() == 2
    text = clerk.post(clerk.reception, {"act": "find", "q": "没有这家"}).content.decode()
    assert "没有查到这个持证人" in text
    assert "登记新的持证人" in text


def test_receive_when_chosen_then_on_to_capture_and_the_question_is_asked_anew(clerk, applications):
    holder = HolderFactory(enterprise=True)
    response = clerk.post(
        clerk.reception,
        {
            "act": "receive",
            "kind": applications.entry.type_code,
            "holder": str(holder.uuid),
            "mode": "OFFLINE",
            "concluded_elsewhere_at": "2026年11月17日 9时30分",
            "has_paper": "on",
        },
    )
    application = Application.objects.get()
    assert response["Location"] == reverse("licences:capture", args=[application.uuid])
    assert (application.mode, application.has_paper) == ("OFFLINE", True)
    assert application.concluded_elsewhere_at.isoformat() == "2026-11-17T01:30:00+00:00"
    assert clerk.session[DECLARED] == []
    assert clerk.get(clerk.reception).status_code == 302


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"kind": ""}, "还没有选证照种类"),
        ({"holder": ""}, "还没有选持证人"),
        ({"mode": "OFFLINE"}, "离线生成要填业务系统里的办结时间"),
        (
            {"mode": "OFFLINE", "concluded_elsewhere_at": "昨天"},
            "要写到几点几分，例如 2026-11-24 09:30",
        ),
        (
            {"mode": "OFFLINE", "concluded_elsewhere_at": "2026-11-19 09:00"},
            "办结时间在将来",
        ),
    ],
)
def test_receive_when_something_is_amiss_then_said_and_nothing_is_received(
    clerk, applications, typed, sentence
):
    holder = HolderFactory(enterprise=True)
    sound = {
        "act": "receive",
        "kind": applications.entry.type_code,
        "holder": str(holder.uuid),
        "mode": "ONLINE",
    }
    response = clerk.post(clerk.reception, {**sound, **typed})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert Application.objects.count() == 0


def test_receive_when_a_person_for_an_enterprises_kind_then_the_sentence(clerk, applications):
    person = HolderFactory(name="张样例")
    response = clerk.post(
        clerk.reception,
        {
            "act": "receive",
            "kind": applications.entry.type_code,
            "holder": str(person.uuid),
            "mode": "ONLINE",
        },
    )
    assert response.status_code == 422
    assert "取水许可证发给企业和组织，“张**”是自然人" in response.content.decode()


def test_enter_when_new_then_chosen_and_when_wrong_then_said_at_the_field(clerk, applications):
    new = {
        "act": "enter",
        "kind": applications.entry.type_code,
        "new-kind": "legal_person",
        "new-name": "泽州县新办有限公司",
        "new-known_by": "number",
        "new-identity_type": "001",
        "new-identity_number": "91140525MA0000023B",
    }
    response = clerk.post(clerk.reception, new)
    assert response.status_code == 422
    text = response.content.decode()
    assert 'id="id_new-identity_number_error"' in text
    assert 'value="泽州县新办有限公司"' in text
    code = credit_code(777_001, "91140525")
    text = clerk.post(clerk.reception, {**new, "new-identity_number": code}).content.decode()
    holder = Holder.objects.get(name="泽州县新办有限公司")
    assert f'name="holder" value="{holder.uuid}"' in text


def test_enter_when_a_newborn_or_known_outside_only_then_without_a_number(cast, clerk):
    couple = Applications(cast, kind=MARRIAGE)
    base = {"act": "enter", "kind": couple.entry.type_code, "new-kind": "natural_person"}
    clerk.post(
        clerk.reception,
        {**base, "new-name": "新生儿", "new-known_by": "none", "new-no_number_reason": "新生儿"},
    )
    clerk.post(
        clerk.reception,
        {
            **base,
            "new-name": "外部人",
            "new-known_by": "subject",
            "new-outside_subject": "province:1",
            "new-identity_number": citizen_id(3),
        },
    )
    assert list(
        Holder.objects.exclude(name="邻家人")
        .order_by("pk")
        .values_list("name", "identity_type", "outside_subject")
    ) == [("新生儿", "", None), ("外部人", "", "province:1")]


def test_choose_when_the_kind_allows_several_then_beside_else_instead(cast, clerk, applications):
    one, two = HolderFactory(), HolderFactory()
    couple = Applications(cast, kind=MARRIAGE)
    for entry, kept in ((couple.entry, [one, two]), (applications.entry, [two])):
        text = clerk.post(
            clerk.reception,
            {"act": f"choose:{two.uuid}", "kind": entry.type_code, "holder": str(one.uuid)},
        ).content.decode()
        assert re.findall(r'name="holder" value="([^"]+)"', text) == [str(h.uuid) for h in kept]


def test_duplicate_when_the_holder_has_one_then_shown_with_its_state(clerk, applications):
    holder = HolderFactory(enterprise=True)
    licence = applications.issued(applications.received(holders=[holder]))
    open_one = applications.received(holders=[holder])
    text = clerk.post(
        clerk.reception,
        {"act": "kind", "kind": applications.entry.type_code, "holder": str(holder.uuid)},
    ).content.decode()
    assert "可能重复，请先看一眼" in text
    assert licence.number in text
    assert "待制证" in text
    assert open_one.number in text


def test_receive_when_the_kind_is_a_neighbours_then_not_offered(cast, clerk):
    neighbours = Applications(cast, kind="林木采伐许可证", place="land")
    response = clerk.post(
        clerk.reception,
        {
            "act": "receive",
            "kind": neighbours.entry.type_code,
            "holder": str(HolderFactory().uuid),
            "mode": "ONLINE",
        },
    )
    assert response.status_code == 422
    assert "还没有选证照种类" in response.content.decode()


@pytest.mark.parametrize("who", ["market.reviewer", "market.signatory", "bureau.auditor"])
def test_receive_when_not_a_clerk_then_refused(cast, applications, who):
    assert cast.client(who).get(RECEIVE).status_code == 403
