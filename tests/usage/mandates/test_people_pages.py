"""The pages of acting for others: what they show to whom, and what a click does (M.20)."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import Cast
from tests.factories.parties import HolderFactory
from tests.families import birth_certificate, child, number_of, person
from tests.holders import holder_client, mandate_of
from tests.records import outcomes
from usage.mandates.children import NOT_FOUND
from usage.verifying.rate_limits import PEOPLE
from zezhou_portal.kernel import clock
from zezhou_portal.parties.identity.session import ACTING_FOR
from zezhou_portal.parties.models import Holder, Mandate, MandateKind, Power

pytestmark = [pytest.mark.django_db, pytest.mark.article("M.20")]
PEOPLE_PAGE, SWITCH = reverse("usage:people"), reverse("usage:switch")
ALL = (Power.SEE, Power.SHOW, Power.COPY, Power.APPOINT)


@pytest.fixture
def me() -> Holder:
    return person("谢洋", serial=1)


def representative_of(me: Holder, enterprise: Holder) -> Mandate:
    return mandate_of(me, enterprise, kind=MandateKind.LEGAL_REPRESENTATIVE, powers=ALL)


def text_of(answer: object) -> str:
    """What a person reads, without tags and white space."""
    body = answer.content.decode()  # type: ignore[attr-defined]
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", body.split("<main", 1)[1]))


def filled(**changes: object) -> dict[str, object]:
    values = {
        "name": "王经办",
        "citizen_id": number_of(date(1990, 6, 7), 41),
        "powers": ["show"],
        "until_on": (clock.today() + timedelta(days=30)).isoformat(),
    }
    return {**values, **changes}


def test_people_when_nobody_then_says_when_something_will_be_here(me: Holder) -> None:
    said = text_of(holder_client(me).get(PEOPLE_PAGE))
    assert "现在没有替别人办" in said
    assert "没有人能替您办" in said
    assert "最近结束的" not in said
    assert "委托家人帮办" in said
    assert "委托经办人" not in said


def test_people_when_of_every_kind_then_each_with_its_end(
    me: Holder, wednesday: time_machine.Traveller
) -> None:
    firm = HolderFactory(enterprise=True, name="泽州县大阳镇一谢洋面馆")
    representative_of(me, firm)
    mandate_of(me, child("谢小样"), kind=MandateKind.GUARDIAN, until_on=date(2030, 4, 30))
    mandate_of(me, person("老母亲", serial=2), kind=MandateKind.HELPER, until_on=clock.today())
    mandate_of(person("我女儿", serial=3), me, kind=MandateKind.HELPER)
    said = text_of(holder_client(me).get(PEOPLE_PAGE))
    names = [said.index(one) for one in ("泽州县大阳镇一谢洋面馆", "谢小样", "老母亲", "我女儿")]
    assert names == sorted(names)
    assert "没有截止日，随企业登记" in said
    assert "到2030年4月30日为止" in said
    assert "今天是最后一天" in said
    assert "您是父母（监护人）" in said


def test_people_when_others_have_theirs_then_none_of_it_is_shown(me: Holder) -> None:
    other = person("邻家人", serial=5)
    mandate_of(person("邻家帮手", serial=6), other, kind=MandateKind.HELPER)
    mandate_of(other, HolderFactory(enterprise=True, name="邻家公司"))
    said = text_of(holder_client(me).get(PEOPLE_PAGE))
    for name in ("邻家人", "邻家帮手", "邻家公司"):
        assert name not in said


def test_people_when_an_agent_then_the_enterprises_other_agents_are_not_shown(
    me: Holder,
) -> None:
    firm = HolderFactory(enterprise=True)
    mine = mandate_of(me, firm, powers=(Power.SEE,))
    mandate_of(person("同事甲", serial=7), firm)
    client = holder_client(me, mine)
    said = text_of(client.get(PEOPLE_PAGE))
    assert "同事甲" not in said
    assert "由法定代表人委托和结束" in said
    assert client.get(reverse("usage:appoint-agent")).status_code == 403
    assert "同事甲" not in text_of(client.get(reverse("usage:people-given")))


def test_people_when_ended_lately_then_says_why_and_after_ninety_days_no_more(
    wednesday: time_machine.Traveller, me: Holder
) -> None:
    grown = mandate_of(me, child("谢小样"), kind=MandateKind.GUARDIAN, until_on=clock.today())
    given = mandate_of(person("我女儿", serial=3), me, kind=MandateKind.HELPER)
    given.ended_at, given.end_reason = clock.now(), "by_principal"
    given.save()
    wednesday.shift(timedelta(days=1))
    said = text_of(holder_client(me).get(PEOPLE_PAGE))
    assert "孩子年满18周岁。往后由本人实名登录" in said
    assert "由持证人结束" in said
    assert "2026年11月18日结束" in said
    assert holder_client(me).post(SWITCH, {"mandate": grown.uuid}).status_code == 404
    wednesday.shift(timedelta(days=90))
    assert "谢小样" not in text_of(holder_client(me).get(PEOPLE_PAGE))


def test_people_when_names_are_long_and_rows_many_then_pages_stay_small(me: Holder) -> None:
    for serial in range(24):
        firm = HolderFactory(enterprise=True, name=f"泽州县{serial:02}" + "很长名称" * 45)
        mandate_of(me, firm)
    firm = HolderFactory(enterprise=True)
    mine = representative_of(me, firm)
    for serial in range(24):
        mandate_of(person(f"经办{serial:02}", serial=100 + serial), firm)
    client = holder_client(me, mine)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(PEOPLE_PAGE)
    assert len(asked) <= 14
    assert len(answer.content) < 100_000
    assert text_of(answer).count("切换过去") == 9  # ten, and one of them is where I am
    onward = re.search(r'href="(\?page=[^"]+)"', answer.content.decode())
    assert onward
    assert text_of(client.get(PEOPLE_PAGE + onward[1])).count("切换过去") == 10
    with CaptureQueriesContext(connection) as asked:
        whole = client.get(reverse("usage:people-given"))
    assert len(asked) <= 10
    assert len(re.findall(r"经办\d\d", text_of(whole))) >= 20


def test_switch_when_ones_own_then_the_session_acts_there_and_back(me: Holder) -> None:
    firm = HolderFactory(enterprise=True)
    mine = representative_of(me, firm)
    client = holder_client(me)
    answer = client.post(SWITCH, {"mandate": str(mine.uuid)})
    assert answer["Location"] == reverse("usage:wallet")
    assert client.session[ACTING_FOR] == str(mine.uuid)
    assert f"现在代{firm.name}办" in text_of(client.get(PEOPLE_PAGE))
    client.post(SWITCH)
    assert ACTING_FOR not in client.session
    assert [one[0] for one in outcomes("principal_chosen")].count("done") == 3


@pytest.mark.parametrize("whose", ["neighbour's", "ended", "not begun", "made up", "garbled"])
def test_switch_when_not_a_live_one_of_ones_own_then_not_found(me: Holder, whose: str) -> None:
    firm = HolderFactory(enterprise=True)
    mine = mandate_of(me, firm)
    if whose == "neighbour's":
        mine = mandate_of(person("邻家人", serial=5), HolderFactory(enterprise=True))
    elif whose == "ended":
        mine.ended_at = clock.now()
    elif whose == "not begun":
        mine.from_on = clock.today() + timedelta(days=1)
    mine.save()
    key = {"made up": "00000000-0000-4000-8000-000000000000", "garbled": "x'\0"}.get(whose)
    client = holder_client(me)
    assert client.post(SWITCH, {"mandate": key or str(mine.uuid)}).status_code in {400, 404}
    assert ACTING_FOR not in client.session
    assert client.get(SWITCH).status_code == 405


def test_switch_when_the_birth_certificate_is_no_more_then_ended_and_said(
    cast: Cast, me: Holder
) -> None:
    certificate = birth_certificate(cast, child("谢小样"), mother=me)
    client = holder_client(me)
    answer = client.post(
        reverse("usage:add-child"), {"certificate_number": "T140525001", "child_name": "谢小样"}
    )
    assert answer["Location"] == PEOPLE_PAGE
    mandate = Mandate.objects.get()
    certificate.state = "ANNULLED"
    certificate.save()
    client.post(SWITCH, {"mandate": str(mandate.uuid)})
    assert ACTING_FOR not in client.session
    said = text_of(client.get(PEOPLE_PAGE))
    assert "代办已经结束" in said
    assert "依据的出生医学证明不再有效" in said


def test_agent_when_the_representative_fills_it_in_then_appointed(me: Holder) -> None:
    client = holder_client(me, representative_of(me, firm := HolderFactory(enterprise=True)))
    address = reverse("usage:appoint-agent")
    shown = client.get(address)
    assert shown.status_code == 200
    assert client.post(address, filled())["Location"] == PEOPLE_PAGE
    assert Mandate.objects.filter(principal=firm, kind="agent", powers=["see", "show"]).exists()
    again = client.post(address, filled())
    assert again.status_code == 422
    assert "已经委托过这个人" in text_of(again)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "还没有填姓名"),
        ({"citizen_id": "1405"}, "公民身份号码应为18位，现在是4位"),
        ({"until_on": ""}, "还没有填代办到哪一天"),
        ({"until_on": "2026-02-30"}, "日期不存在，2026年没有2月30日"),
        ({"until_on": "2020-01-01"}, "已经过了"),
        ({"powers": ["appoint"]}, "“委托经办人”不能委托给别人"),
        ({"powers": ["<b>"]}, "“&lt;b&gt;”不能委托给别人"),
    ],
)
def test_agent_when_filled_in_wrong_then_said_at_the_field_and_nothing_given(
    me: Holder, changes: dict[str, object], said: str
) -> None:
    client = holder_client(me, representative_of(me, HolderFactory(enterprise=True)))
    answer = client.post(reverse("usage:appoint-agent"), filled(**changes))
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not Mandate.objects.filter(kind="agent").exists()


def test_helper_when_given_then_listed_and_ended_in_one_step(me: Holder) -> None:
    client = holder_client(me)
    client.post(reverse("usage:give-helper"), filled(name="我女儿"))
    mandate = Mandate.objects.get(principal=me, kind="helper")
    address = reverse("usage:end-mandate", args=[mandate.uuid])
    asked = client.get(address)
    assert "结束我女儿的代办？" in text_of(asked)
    mandate.refresh_from_db()
    assert mandate.ended_at is None
    assert client.post(address)["Location"] == PEOPLE_PAGE
    mandate.refresh_from_db()
    assert mandate.end_reason == "by_principal"
    again = client.post(address)
    assert again.status_code == 422
    assert "这份代办已经结束了" in text_of(again)


def test_helper_when_tried_too_often_then_the_time_is_said(
    me: Holder, wednesday: time_machine.Traveller
) -> None:
    client = holder_client(me)
    for _ in range(PEOPLE.most):
        client.post(reverse("usage:give-helper"), filled(citizen_id="1"))
    answer = client.post(reverse("usage:give-helper"), filled())
    assert "请在11:00以后再查" in text_of(answer)
    assert Mandate.objects.count() == 0


def test_end_when_a_stranger_or_neighbour_then_not_found(me: Holder) -> None:
    mandate = mandate_of(person("我女儿", serial=3), me, kind=MandateKind.HELPER)
    other = person("邻家人", serial=5)
    mandate_of(person("邻家帮手", serial=6), other, kind=MandateKind.HELPER)
    address = reverse("usage:end-mandate", args=[mandate.uuid])
    for client in (holder_client(other), holder_client(other)):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404
    assert Client().post(address)["Location"].startswith("/sign-in/")
    mandate.refresh_from_db()
    assert mandate.ended_at is None


def test_end_when_the_agent_gives_it_back_in_the_others_place_then_acts_for_oneself(
    me: Holder,
) -> None:
    mandate = mandate_of(me, HolderFactory(enterprise=True, name="某企业"))
    client = holder_client(me, mandate)
    address = reverse("usage:end-mandate", args=[mandate.uuid])
    assert "退回，不再代某企业办？" in text_of(client.get(address))
    client.post(address)
    assert ACTING_FOR not in client.session
    assert "现在办的是您自己的证照" in text_of(client.get(PEOPLE_PAGE))


def test_child_when_nothing_agrees_then_the_neutral_answer(me: Holder) -> None:
    client = holder_client(me)
    address = reverse("usage:add-child")
    assert client.get(address).status_code == 200
    answer = client.post(address, {"certificate_number": "T1", "child_name": "谢小样"})
    assert answer.status_code == 422
    assert NOT_FOUND in text_of(answer)


@pytest.mark.parametrize("name", ["usage:give-helper", "usage:add-child"])
def test_own_things_when_in_anothers_place_then_refused_with_the_way(me: Holder, name: str) -> None:
    mandate = mandate_of(me, HolderFactory(enterprise=True))
    answer = holder_client(me, mandate).get(reverse(name))
    assert answer.status_code == 403
    assert "请先切换到“我自己”" in text_of(answer)
    assert "本单位现在没有人" not in text_of(answer)


def test_agents_page_when_for_oneself_then_refused_with_the_way(me: Holder) -> None:
    answer = holder_client(me).get(reverse("usage:appoint-agent"))
    assert answer.status_code == 403
    assert "请先切换到企业" in text_of(answer)


def at_window(**changes: object) -> dict[str, object]:
    values = {
        "kind": "helper",
        "principal_name": "李奶奶",
        "principal_citizen_id": number_of(date(1948, 1, 2), 8),
        "agent_name": "王经办",
        "agent_citizen_id": number_of(date(1990, 6, 7), 41),
        "powers": ["show"],
        "until_on": (clock.today() + timedelta(days=30)).isoformat(),
        "evidence": "双方身份证原件、书面同意书",
        "seen": "on",
        "consent": SimpleUploadedFile("同意书.jpg", b"\xff\xd8\xff signed"),
    }
    return {**values, **changes}


def test_window_when_recorded_then_listed_masked_for_its_own_department_only(
    cast: Cast,
) -> None:
    client = cast.client("power.verifier")
    listed = reverse("usage:window-mandates")
    assert "本单位还没有登记过代办" in text_of(client.get(listed))
    answer = client.post(reverse("usage:record-mandate"), at_window())
    assert answer["Location"] == reverse("usage:window-mandate", args=[Mandate.objects.get().uuid])
    client.get(listed)  # the flash, which names both, is gone after this
    said = text_of(client.get(listed))
    assert "王**代李**" in said
    assert "李奶奶" not in said
    assert "书面同意书" in said
    mandate = Mandate.objects.get()
    address = reverse("usage:end-window-mandate", args=[mandate.uuid])
    neighbour = cast.client("market.verifier")
    assert "王**" not in text_of(neighbour.get(listed))
    assert neighbour.post(address).status_code == 404
    assert "撤回王**代李**的代办？" in text_of(client.get(address))
    client.post(address)
    mandate.refresh_from_db()
    assert mandate.end_reason == "at_window"
    assert "已结束在窗口结束" in text_of(client.get(listed))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": ""}, "请选登记哪一种"),
        ({"seen": ""}, "没有核对的，不能登记"),
        ({"consent": ""}, "还没有传同意书"),
        ({"evidence": ""}, "还没有写看了哪些材料"),
        ({"until_on": ""}, "还没有填代办到哪一天为止"),
        ({"agent_name": "张冠李戴", "agent_citizen_id": "known"}, "姓名和公民身份号码对不上"),
        ({"kind": "guardian"}, "已经年满18周岁"),
    ],
)
def test_window_when_something_is_missing_then_said_and_nothing_recorded(
    cast: Cast, changes: dict[str, object], said: str
) -> None:
    known = person("真名字", serial=50)
    if changes.get("agent_citizen_id"):
        changes = {**changes, "agent_citizen_id": known.identity_number}
    answer = cast.client("power.verifier").post(
        reverse("usage:record-mandate"), at_window(**changes)
    )
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert Mandate.objects.count() == 0


def test_window_when_many_then_in_pages_and_few_queries(cast: Cast) -> None:
    for serial in range(25):
        mandate = mandate_of(
            person(f"代{serial}", serial=100 + serial), person("李奶奶", serial=serial)
        )
        mandate.recording_department = cast.power
        mandate.recorded_by = cast.account("power.verifier")
        mandate.save()
    client = cast.client("power.verifier")
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(reverse("usage:window-mandates"))
    assert len(asked) <= 15
    assert text_of(answer).count("代李**") == 40  # the name, and for those who listen


@pytest.mark.parametrize("elder", ["", "18", "30"])
def test_pages_when_in_elder_mode_then_every_act_is_there(me: Holder, elder: str) -> None:
    firm = HolderFactory(enterprise=True)
    client = holder_client(me, representative_of(me, firm))
    mandate_of(person("经办", serial=9), firm)
    client.cookies["elder"] = elder
    said = text_of(client.get(PEOPLE_PAGE))
    for act in ("切换到我自己", "结束代办", "委托经办人"):
        assert act in said
