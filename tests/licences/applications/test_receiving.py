"""An application from reception to submission: what is refused, what the trail keeps (M.3, M.7, M.9)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from audit.trail.models import Record
from licences.applications import capturing, receiving
from licences.applications.completeness import faults_of
from licences.applications.secrecy import TURNED_AWAY
from licences.applications.selectors import application as application_of
from licences.models import Application, Attachment
from licences.terms import term_of
from licences.validity import Term
from tests.cast import Cast
from tests.factories.catalogue import entry_of
from tests.factories.licences import FOOD, MARRIAGE, WATER, Applications
from tests.factories.parties import HolderFactory
from zezhou_portal.kernel import clock, files, vault
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken, by_field

BEIJING = ZoneInfo("Asia/Shanghai")
pytestmark = pytest.mark.usefixtures("wednesday")


@pytest.fixture
def cast(db):
    return Cast()


@pytest.fixture
def applications(cast):
    return Applications(cast)


def records(action, **condition):
    return Record.objects.filter(action=action, **condition)


def refused(action):
    """What was refused: written on its own connection."""
    return Record.objects.using("refusals").filter(action=action, outcome="refused")


def facts_of(application, action):
    return records(action, subject_key=str(application.uuid), outcome="done").latest("seq").facts


@pytest.mark.article("M.3")
def test_secret_at_reception_when_declared_then_only_the_fact_is_kept(cast):
    sentence = receiving.declare_secret_at_reception(actor=cast.actor("market.clerk"))
    assert sentence == TURNED_AWAY
    record = records("secret_declared").get()
    assert (record.subject_kind, record.subject_label, record.facts) == (
        "department",
        "泽州县市场监督管理局",
        {},
    )
    assert Application.objects.count() == 0


@pytest.mark.article("M.9")
def test_receive_when_published_then_prefilled_from_the_holder_and_recorded(applications):
    holder = HolderFactory(enterprise=True, name="泽州县样例水务有限公司")
    application = applications.received(holders=[holder], has_paper=True)
    assert (application.state, application.has_paper, application.issuing_department) == (
        "RECEIVED",
        True,
        applications.department,
    )
    assert application.values["holder_name"] == {"value": holder.name, "source": "持证人登记"}
    assert application.values["credit_code"]["value"] == holder.identity_number
    assert term_of(application, clock.today()) == Term(date(2026, 11, 18), date(2031, 11, 17))
    assert facts_of(application, "application_received") == {
        "kind": applications.entry.type_code,
        "mode": "ONLINE",
        "holders": [str(holder.uuid)],
    }


@pytest.mark.parametrize(
    ("kind", "holders", "sentence"),
    [
        (WATER, [], "还没有选持证人。"),
        (WATER, ["person"], "取水许可证发给企业和组织，“张**”是自然人。"),
        (MARRIAGE, ["enterprise"], "结婚证发给个人，“样例公司”不是自然人。"),
        (WATER, ["enterprise", "enterprise"], "取水许可证只能有一个持证人，现在选了 2 个。"),
    ],
)
def test_receive_when_the_kind_does_not_admit_the_holders_then_refused(
    cast, kind, holders, sentence
):
    made = [
        HolderFactory(name="张样例")
        if one == "person"
        else HolderFactory(enterprise=True, name="样例公司")
        for one in holders
    ]
    entry = entry_of(kind, cast.market)
    with pytest.raises(RuleBroken) as refusal:
        receiving.receive(actor=cast.actor("market.clerk"), entry=entry, holders=made)
    assert (refusal.value.article, refusal.value.reason) == ("M.3", sentence)
    is_form_fault = bool(refusal.value.fields)  # nobody chosen yet: no act on the trail
    assert refused("application_received").count() == (0 if is_form_fault else 1)


def test_receive_when_the_same_holder_is_chosen_twice_then_refused(cast):
    couple = Applications(cast, kind=MARRIAGE)
    one = HolderFactory()
    with pytest.raises(RuleBroken, match="同一个持证人选了两次"):
        couple.received(holders=[one, one])


def test_receive_when_the_entry_is_not_published_then_refused(cast):
    draft = entry_of(FOOD, cast.market, state="DRAFT")
    with pytest.raises(RuleBroken, match="食品经营许可证的目录还没有公布，不能收件"):
        receiving.receive(
            actor=cast.actor("market.clerk"),
            entry=draft,
            holders=[HolderFactory(enterprise=True)],
        )


@pytest.mark.article("M.9")
def test_receive_offline_when_the_conclusion_is_missing_or_in_the_future_then_refused(applications):
    for moment, sentence in (
        (None, "离线生成要填业务系统里的办结时间"),
        (datetime(2026, 11, 18, 10, 1, tzinfo=BEIJING), "办结时间在将来"),
    ):
        with pytest.raises(RuleBroken) as refusal:
            applications.received(mode="OFFLINE", concluded_elsewhere_at=moment)
        assert refusal.value.fields == {"concluded_elsewhere_at": sentence}


@pytest.mark.parametrize("who", ["market.reviewer", "market.signatory", "land.clerk"])
def test_receive_when_not_a_clerk_of_the_department_then_not_permitted(cast, applications, who):
    with pytest.raises(NotPermitted):
        receiving.receive(
            actor=cast.actor(who),
            entry=applications.entry,
            holders=[HolderFactory(enterprise=True)],
        )
    assert refused("application_received").count() == 1
    assert Application.objects.count() == 0


@pytest.mark.article("M.7")
def test_capture_when_right_and_wrong_are_typed_then_both_are_kept_with_their_source(applications):
    application = applications.received()
    row = capturing.capture(
        actor=applications.actor("clerk"),
        application=application,
        revision=application.revision,
        typed={"intake_volume": " １，２３４．５ ", "credit_code": "914", "purpose": "农业"},
        licence_number="",
        valid_from=None,
        valid_until=application.valid_until,
        is_long_term=False,
        drafted={"valid_from": "2026-02-30"},
    )
    assert row.values["intake_volume"]["value"] == "1234.5"
    assert row.values["credit_code"]["value"] == "914"
    assert row.values["credit_code"]["source"] == "手工录入"
    assert row.values["credit_code"]["was"] == application.values["credit_code"]["value"]
    faults = by_field(faults_of(row))
    assert faults["credit_code"] == "统一社会信用代码应为 18 位，现在是 3 位"
    assert faults["valid_from"] == "日期不存在，2026年没有2月30日"
    assert facts_of(application, "values_captured") == {
        "state": ["RECEIVED", "CAPTURING"],
        "changed": ["credit_code", "intake_volume", "purpose"],
    }


def test_capture_when_the_term_ends_before_it_begins_then_kept_as_typed_and_said(applications):
    application = applications.received()
    row = capturing.capture(
        actor=applications.actor("clerk"),
        application=application,
        revision=application.revision,
        typed={},
        licence_number="",
        valid_from=date(2026, 11, 20),
        valid_until=None,
        is_long_term=False,
        drafted={"valid_until": "2026年11月19日"},
    )
    assert by_field(faults_of(row))["valid_until"] == (
        "有效期至（2026年11月19日）早于有效期起（2026年11月20日）"
    )


def test_capture_when_somebody_else_saved_meanwhile_then_nothing_changes(applications):
    application = applications.received()
    applications.captured(application)
    with pytest.raises(RuleBroken, match="别人改过这一件。您填的没有保存"):
        applications.captured(application, purpose="晚来的")
    application.refresh_from_db()
    assert application.values["purpose"]["value"] == "农村生活用水"
    assert refused("values_captured").count() == 1


def test_capture_when_neighbour_who_owns_the_same_kind_then_not_permitted(cast, applications):
    own = entry_of(WATER, cast.land, type_code="11100000000019713D999")
    receiving.receive(
        actor=cast.actor("land.clerk"), entry=own, holders=[HolderFactory(enterprise=True)]
    )
    application = applications.received()
    assert application_of(cast.actor("land.clerk"), application.uuid) is None
    with pytest.raises(NotPermitted, match="这一件属于其他单位"):
        capturing.capture(
            actor=cast.actor("land.clerk"),
            application=application,
            revision=1,
            typed={"purpose": "改"},
            licence_number="",
            valid_from=None,
            valid_until=None,
            is_long_term=True,
        )
    assert refused("values_captured").count() == 1


@pytest.mark.article("M.7")
def test_submit_when_something_is_missing_then_every_item_is_named(applications):
    application = applications.captured(intake_site="", intake_volume="很多", source_type="天水")
    with pytest.raises(RuleBroken) as refusal:
        receiving.submit(
            actor=applications.actor("clerk"),
            application=application,
            revision=application.revision,
        )
    assert refusal.value.reason == "改好这 3 处就能提交。"
    assert refusal.value.fields == {
        "intake_site": "还没有填取水地点",
        "intake_volume": "只能填数字，可以有小数点，例如 12.5",
        "source_type": "只能选：地表水、地下水、其他",
    }
    application.refresh_from_db()
    assert application.state == "CAPTURING"


def test_submit_when_complete_then_under_review_and_out_of_the_clerks_hand(applications):
    application = applications.submitted()
    clerk = applications.cast.account("market.clerk")
    assert (application.state, application.in_hand_of_id, application.captured_by_id) == (
        "UNDER_REVIEW",
        None,
        clerk.pk,
    )
    assert facts_of(application, "application_submitted") == {
        "state": ["CAPTURING", "UNDER_REVIEW"]
    }


def test_submit_when_only_received_then_refused_by_the_table(applications):
    application = applications.received()
    with pytest.raises(RuleBroken, match="现在是“待采集”，不能提交审核"):
        receiving.submit(actor=applications.actor("clerk"), application=application, revision=1)


def test_withdraw_when_no_reason_then_refused_and_when_approved_then_too_late(applications):
    application = applications.received()
    with pytest.raises(RuleBroken) as refusal:
        receiving.withdraw(actor=applications.actor("clerk"), application=application, reason=" ")
    assert refusal.value.fields == {"reason": "还没有写撤回的原因"}
    row = receiving.withdraw(
        actor=applications.actor("clerk"), application=application, reason="申请人撤回"
    )
    assert (row.state, row.in_hand_of_id) == ("WITHDRAWN", None)
    assert row.withdrawn_because == "申请人撤回"
    # on the trail by its digest alone, for it may name people (M.26)
    assert (
        facts_of(application, "application_withdrawn")["reason"]
        == f"hmac:{vault.blind('申请人撤回')}"
    )
    with pytest.raises(RuleBroken, match="现在是“待签发”，不能撤回"):
        receiving.withdraw(
            actor=applications.actor("clerk"), application=applications.approved(), reason="晚了"
        )


@pytest.mark.article("M.3")
def test_declare_secret_when_later_then_everything_is_erased_in_the_same_act(applications):
    application = applications.received()
    other = applications.received()
    clerk = applications.actor("clerk")
    only = capturing.attach(
        actor=clerk, application=application, title="秘密", file_name="a.pdf", data=b"%PDF-only"
    )
    both = [
        capturing.attach(
            actor=clerk, application=one, title="共有", file_name="b.pdf", data=b"%PDF-both"
        )
        for one in (application, other)
    ]
    receiving.declare_secret(actor=clerk, application=application)
    application.refresh_from_db()
    assert (application.state, application.values, application.holder_links.count()) == (
        "ERASED",
        {},
        0,
    )
    assert not Attachment.objects.filter(application=application).exists()
    assert not files.path_of(only.digest).exists()
    assert files.read(both[1].digest) == b"%PDF-both"
    assert facts_of(application, "application_erased") == {
        "state": ["CAPTURING", "ERASED"],
        "files_erased": 2,
    }


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("空.pdf", b"", "“空.pdf”是空的。请重新选择文件。"),
        ("假.pdf", b"MZ program", "“假.pdf”不是 PDF、JPG 或 PNG。请转成其中一种再传。"),
        (
            "网页.png",
            b"<svg onload=alert(1)>",
            "“网页.png”不是 PDF、JPG 或 PNG。请转成其中一种再传。",
        ),
        ("大.pdf", b"%PDF-" + bytes(20 * 1024 * 1024), "“大.pdf”超过 20 MB。请压缩后再传。"),
    ],
)
def test_attach_when_not_a_document_then_said_and_nothing_is_kept(
    applications, name, data, sentence
):
    application = applications.received()
    with pytest.raises(RuleBroken) as refusal:
        capturing.attach(
            actor=applications.actor("clerk"),
            application=application,
            title="",
            file_name=name,
            data=data,
        )
    assert refusal.value.reason == sentence
    assert application.attachments.count() == 0
    assert refused("file_attached").count() == 1


def test_remove_attachment_when_under_review_then_refused(applications):
    application = applications.received()
    kept = capturing.attach(
        actor=applications.actor("clerk"),
        application=application,
        title="",
        file_name="a.pdf",
        data=b"%PDF-1",
    )
    application.refresh_from_db()
    applications.submitted(application)
    with pytest.raises(RuleBroken, match="现在是“待审核”，不能采集信息"):
        capturing.remove_attachment(
            actor=applications.actor("clerk"), application=application, attachment=kept
        )
    assert application.attachments.count() == 1
