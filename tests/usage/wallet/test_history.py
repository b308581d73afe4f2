"""Every look and use, in words a holder reads; a long history pages flat (M.20, M.25)."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from audit.trail.recording import record, record_refusal
from audit.trail.selectors import NEWEST_FIRST, of_subject
from licences.models import LicenceMark, LicenceStatus
from licences.register import consulting
from tests.cast import Cast
from tests.holders import holder_actor, holder_client, mandate_of
from tests.usage.wallet.scene import Hands, firm, in_days, person
from tests.usage.wallet.test_wallet_page import words
from usage.presenting import presentations
from usage.presenting.presentations import Chosen
from usage.verifying import codes, redemption, services
from usage.wallet import copies
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import machine, public
from zezhou_portal.pagekit.paging import page_of
from zezhou_portal.parties.models import MandateKind
from zezhou_portal.regulation.actions import Action

PORTAL = "http://127.0.0.1:8000"


def lines(answer) -> list[tuple[str, str, tuple[str, ...], str]]:
    """What the history tells: what, who, details, voice."""
    return [(one.what, one.who, tuple(one.details), one.voice) for one in answer.context["rows"]]


@pytest.mark.article("M.20")
def test_uses_when_read_by_a_department_then_who_when_why_and_which_items(
    hands: Hands, cast: Cast, wednesday: time_machine.Traveller
) -> None:
    owner = person("谢洋")
    licence = hands.licence(owner)
    actor = holder_actor(owner)
    row = presentations.present(actor=actor, chosen=[Chosen(licence, ["purpose", "intake_site"])])
    code = presentations.current_code(actor=actor, presentation=row)
    assert code is not None
    wednesday.shift(timedelta(seconds=5))
    redemption.read_code(
        actor=cast.actor("power.verifier"),
        understood=codes.understand(code.code.secret, PORTAL),
        purpose="办理用电报装",
    )
    answer = holder_client(owner).get(f"/wallet/licences/{licence.uuid}/uses/")
    read = next(one for one in lines(answer) if one[0] == "扫亮证码核验")
    name = cast.account("power.verifier").name
    assert read[1] == f"泽州县供电服务单位 · 核验员 {name[0]}某"
    assert read[2] == (
        "用途：办理用电报装",
        "出示的项目：取水用途、取水地点",
        "结果：证照现在有效，可以作为办事依据",
    )
    assert read[3] == "quiet"
    said = words(answer)
    assert "2026年11月18日 10:00" in said
    assert name not in answer.content.decode()
    assert "打 12345" in said


@pytest.mark.article("M.25")
def test_uses_when_told_then_acts_looks_refusals_and_trouble_each_in_its_voice(
    hands: Hands, cast: Cast
) -> None:
    owner = person("谢洋")
    licence = hands.licence(owner)
    actor, subject = holder_actor(owner), licence.subject
    consulting.consult(actor=cast.actor("market.clerk"), licence=licence)
    copy = copies.make(actor=actor, licence=licence, purpose="投标", expires_on=in_days(3))
    copies.take(actor=actor, copy=copy)
    services.check_copy(actor=public("test"), code=copy.code)
    copies.end(actor=actor, copy=copy)
    services.check_copy(actor=public("test"), code=copy.code)
    record(machine("test"), Action.EXPIRY_REMINDED, subject, {"days": 60})
    record(machine("test"), Action.MESSAGE_ACCEPTED, subject, {})
    record(cast.actor("power.verifier"), Action.LICENCE_RELIED_ON, subject, {"purpose": "开户"})
    told = lines(holder_client(owner).get(f"/wallet/licences/{licence.uuid}/uses/"))
    by = {what: (who, details, voice) for what, who, details, voice in reversed(told)}
    assert by["下载加注件"] == ("您本人", ("用途：投标",), "quiet")
    assert by["制作加注件"][2] == ""
    assert by["作为办事依据"][1:] == (("用途：开户",), "")
    assert by["到期提醒"][0] == "门户自动办理"
    looks = [one for one in told if "方式：加注件上的二维码" in one[2]]
    assert {one[0] for one in looks} == {"查验证照"}
    assert [one[3] for one in looks] == ["heed", "quiet"]
    assert {one[1] for one in looks} == {"没有登录的人"}
    assert not [one for one in told if "市平台" in one[0] or "推送" in one[0]]
    clerk = next(who for what, who, _, _ in told if what == "查阅证照" and "采集员" in who)
    assert clerk.startswith("泽州县市场监督管理局 · 采集员 ")


@pytest.mark.article("M.25")
@pytest.mark.django_db(transaction=True)
def test_uses_when_an_act_was_refused_then_that_it_was_and_nothing_of_the_reason() -> None:
    hands = Hands(Cast())
    owner = person("谢洋")
    licence = hands.licence(owner)
    reason = "您现在的岗位没有权限"
    clerk = hands.cast.actor("market.clerk")
    record_refusal(clerk, Action.VALUE_UNMASKED, licence.subject, reason)
    answer = holder_client(owner).get(f"/wallet/licences/{licence.uuid}/uses/")
    refused = next(one for one in lines(answer) if "没有办成" in one[0])
    assert refused[0] == "查看未遮蔽的个人信息（没有办成）"
    assert refused[3] == "heed"
    assert reason not in answer.content.decode()


@pytest.mark.article("M.26")
def test_uses_when_a_co_holder_did_something_then_not_what_for(hands: Hands) -> None:
    owner, wife = person("谢洋"), person("王秀兰")
    licence = hands.licence(owner, wife)
    copies.make(
        actor=holder_actor(wife), licence=licence, purpose="给娘家盖房", expires_on=in_days(3)
    )
    answer = holder_client(owner).get(f"/wallet/licences/{licence.uuid}/uses/")
    assert ("制作加注件", "共同持有人一方", (), "") in lines(answer)
    assert "给娘家盖房" not in answer.content.decode()
    assert "王" not in words(answer).split("谁看过用过", 2)[2]
    own = holder_client(wife).get(f"/wallet/licences/{licence.uuid}/uses/")
    assert ("制作加注件", "您本人", ("用途：给娘家盖房",), "") in lines(own)


@pytest.mark.article("M.20")
def test_uses_when_an_agent_acted_then_the_principal_sees_who_and_why(hands: Hands) -> None:
    chief, agent, house = person("谢洋"), person("张三"), firm("谢洋面馆")
    licence = hands.licence(house)
    own = mandate_of(chief, house, kind=MandateKind.LEGAL_REPRESENTATIVE)
    acting = holder_actor(agent, mandate_of(agent, house))
    copies.make(actor=acting, licence=licence, purpose="投标", expires_on=in_days(3))
    answer = holder_client(chief, own).get(f"/wallet/licences/{licence.uuid}/uses/")
    assert ("制作加注件", "企业经办人 张某", ("用途：投标",), "") in lines(answer)


@pytest.mark.article("M.25")
def test_uses_when_there_are_very_many_then_pages_to_the_end_without_reading_what_it_skips(
    hands: Hands, wednesday: time_machine.Traveller, django_assert_max_num_queries
) -> None:
    owner = person("谢洋")
    licence = hands.licence(owner)
    key = str(licence.uuid)
    _many_looks(key, 20_000)
    client = holder_client(owner)
    path = f"/wallet/licences/{licence.uuid}/uses/"
    first = client.get(path)
    with django_assert_max_num_queries(22):
        second = client.get(path, {"page": first.context["page"].after})
    seen = [row.seq for page in (first, second) for row in page.context["page"].rows]
    assert len(seen) == len(set(seen)) == 60
    assert len(second.content) < 100_000
    deep = of_subject("licence", key)[15_000]
    read = _rows_read(
        "SELECT seq FROM audit_trail_record WHERE subject_kind = 'licence' AND subject_key = %s"
        " AND at <= %s AND (at < %s OR (at = %s AND seq < %s))"
        " ORDER BY at DESC, seq DESC LIMIT 31",
        [key, deep.at, deep.at, deep.at, deep.seq],
    )
    assert read < 100


def test_page_when_keyset_then_the_first_column_is_bounded(hands: Hands) -> None:
    """The bound that lets the index be entered in its middle stands in every page's query."""
    owner = person("谢洋")
    licence = hands.licence(owner)
    _many_looks(str(licence.uuid), 40)
    rows = of_subject("licence", str(licence.uuid))
    first = page_of(rows, order=NEWEST_FIRST, token="", size=5)
    heard = _Heard()
    with connection.execute_wrapper(heard):
        second = page_of(rows, order=NEWEST_FIRST, token=first.after, size=5)
    assert len(second.rows) == 5
    assert '"audit_trail_record"."at" <= ' in heard.said[0]


class _Heard:
    """Keeps what is asked of the database."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def __call__(self, execute, sql, params, many, context):
        self.said.append(sql)
        return execute(sql, params, many, context)


def _many_looks(key: str, count: int) -> None:
    """Records as thousands of verifications leave them, a second apart and some together."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_trail_record (id, at, action, article, actor_kind, actor_key,"
            " actor_name, actor_role, department_code, department_name, channel, request_id,"
            " subject_kind, subject_key, subject_label, outcome, reason, facts, leaf)"
            " SELECT gen_random_uuid(), %s::timestamptz - (n / 3) * interval '1 second',"
            " 'licence_verified', 'M.19', 'official', 'k', '王五', '核验员', '', '某局', 'page',"
            " '', 'licence', %s, '', 'done', '', '{}', '' FROM generate_series(1, %s) n",
            [clock.now(), key, count],
        )
        cursor.execute("ANALYZE audit_trail_record")


def _rows_read(sql: str, values: list) -> int:
    """How many rows a query reads from its tables, kept and thrown away alike."""

    def below(node: dict) -> int:
        own = 0
        if "Relation Name" in node:
            thrown = node.get("Rows Removed by Filter", 0)
            own = (node["Actual Rows"] + thrown) * node["Actual Loops"]
        return own + sum(below(one) for one in node.get("Plans", ()))

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", values)
        found = cursor.fetchone()[0]
    plan = json.loads(found) if isinstance(found, str) else found
    return int(below(plan[0]["Plan"]))


@pytest.mark.article("M.8")
def test_changes_when_read_then_versions_states_and_marks_newest_first(
    hands: Hands, wednesday: time_machine.Traveller
) -> None:
    owner = person("谢洋")
    licence = hands.licence(owner)
    wednesday.shift(timedelta(days=1))
    mark = LicenceMark.objects.create(
        licence=licence, kind="OBJECTED", detail="住所", since=clock.now()
    )
    wednesday.shift(timedelta(days=1))
    mark.until = clock.now()
    mark.save()
    wednesday.shift(timedelta(days=1))
    LicenceStatus.objects.filter(licence=licence, until__isnull=True).update(until=clock.now())
    LicenceStatus.objects.create(
        licence=licence, state="REVOKED", since=clock.now(), act="licence_revoked"
    )
    licence.state = "REVOKED"
    licence.save()
    told = lines(holder_client(owner).get(f"/wallet/licences/{licence.uuid}/changes/"))
    assert [what for what, _, _, _ in told[:3]] == [
        "状态：已吊销",
        "取消标注“有异议：住所”",
        "标注“有异议：住所”",
    ]
    assert told[0][3] == "heed"
    assert {"签发第 1 版", "状态：有效", "状态：待制证"} == {what for what, *_ in told[3:]}
