"""Review, sign-off and paper: two hands, refusals, the trail, the neighbour (M.6, M.7, M.9, S.12)."""

import pytest

from audit.deadlines.models import Deadline
from audit.trail.models import Record
from licences.applications import capturing, issuing, paper, receiving, reviewing
from licences.applications.unmasking import unmask
from licences.models import Application, Licence, LicenceVersion, Review
from seals.models import SealUse
from tests.cast import Cast
from tests.factories.licences import VETERAN, WATER_VALUES, Applications
from tests.factories.parties import HolderFactory, PostingFactory
from tests.factories.seals import seal_of
from zezhou_portal.parties.holders.changing import change_holder
from zezhou_portal.parties.models import Holder, Notification, Role
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken

pytestmark = pytest.mark.usefixtures("wednesday")


@pytest.fixture
def cast(db):
    return Cast()


@pytest.fixture
def applications(cast):
    return Applications(cast)


def also(cast, who, role):
    """Gives a member of the cast a second role in the same department."""
    account = cast.account(who)
    PostingFactory(account=account, department=cast.market, role=role.value)
    return cast.actor(who)


def last(action, **condition):
    return Record.objects.filter(action=action, **condition).latest("seq")


def refusal_of(action):
    """The newest refusal of an act: written on its own connection."""
    rows = Record.objects.using("refusals").filter(action=action, outcome="refused")
    return rows.latest("seq")


@pytest.mark.article("M.7")
def test_approve_when_another_person_then_waits_for_sign_off(applications):
    application = applications.approved()
    assert (application.state, application.reviewed_by) == (
        "APPROVED",
        applications.cast.account("market.reviewer"),
    )
    review = Review.objects.get(application=application)
    assert (review.decision, review.reasons) == ("approved", "")
    assert last("application_approved").facts == {
        "state": ["UNDER_REVIEW", "APPROVED"],
        "fields": [],
    }


@pytest.mark.article("M.7")
@pytest.mark.parametrize("verb", ["approve", "send_back", "refuse"])
def test_review_when_the_capturer_is_also_a_reviewer_then_refused_and_recorded(
    cast, applications, verb
):
    application = applications.submitted()
    clerk = also(cast, "market.clerk", Role.REVIEWER)
    reasons = {} if verb == "approve" else {"reasons": "自己审"}
    with pytest.raises(RuleBroken) as refusal:
        getattr(reviewing, verb)(
            actor=clerk, application=application, revision=application.revision, **reasons
        )
    assert refusal.value.reason == reviewing.OWN_APPLICATION
    application.refresh_from_db()
    assert application.state == "UNDER_REVIEW"
    assert Record.objects.using("refusals").get().reason == reviewing.OWN_APPLICATION


@pytest.mark.article("M.7")
def test_review_when_one_of_several_capturers_then_refused(cast, applications):
    second = also(cast, "market.reviewer", Role.CAPTURE_CLERK)
    application = applications.received()
    row = capturing.capture(
        actor=second, application=application, revision=application.revision, typed={"purpose": "农业"},
        licence_number="", valid_from=application.valid_from, valid_until=application.valid_until,
        is_long_term=False,
    )  # fmt: skip
    application = applications.submitted(row)
    assert application.captured_by == cast.account("market.clerk")
    with pytest.raises(RuleBroken, match="不能审核自己的件"):
        reviewing.approve(
            actor=cast.actor("market.reviewer"),
            application=application,
            revision=application.revision,
        )


@pytest.mark.article("M.7")
def test_review_and_issue_when_by_whoever_only_received_or_captured_it_then_refused(
    cast, applications
):
    seal_of(cast.market)
    application = applications.received()
    second = also(cast, "market.compiler", Role.CAPTURE_CLERK)
    application = capturing.capture(
        actor=second, application=application, revision=application.revision, typed=WATER_VALUES,
        licence_number="", valid_from=application.valid_from, valid_until=application.valid_until,
        is_long_term=False,
    )  # fmt: skip
    application = receiving.submit(
        actor=second, application=application, revision=application.revision
    )
    assert application.capturers == [cast.account("market.compiler").pk]
    receiver = also(cast, "market.clerk", Role.REVIEWER)
    with pytest.raises(RuleBroken, match="您是这件的采集人，不能审核自己的件"):
        reviewing.approve(actor=receiver, application=application, revision=application.revision)
    application = reviewing.approve(
        actor=applications.actor("reviewer"), application=application, revision=application.revision
    )
    for who in ("market.clerk", "market.compiler"):
        signatory = also(cast, who, Role.SIGNATORY)
        with pytest.raises(RuleBroken, match="您是这件的采集人，不能签发自己的件"):
            issuing.issue(actor=signatory, application=application, revision=application.revision)
    assert Licence.objects.count() == 0


def test_send_back_when_no_reasons_then_refused_and_with_reasons_the_clerk_is_told(applications):
    application = applications.submitted()
    with pytest.raises(RuleBroken) as refusal:
        reviewing.send_back(
            actor=applications.actor("reviewer"),
            application=application,
            revision=application.revision,
            reasons="  ",
        )
    assert refusal.value.fields == {"reasons": "还没有写理由。退回和不予通过都要写明理由"}
    row = applications.returned("取水地点不一致")
    clerk = applications.cast.account("market.clerk")
    assert (row.state, row.in_hand_of) == ("RETURNED", clerk)
    told = Notification.objects.get(account=clerk)
    assert (told.title, told.link) == (f"{row.number} 退回补正", f"/applications/{row.uuid}/")


def test_review_when_the_application_changed_meanwhile_then_refused(applications):
    application = applications.submitted()
    with pytest.raises(RuleBroken, match="这一件有变化。请刷新，看过再决定"):
        reviewing.approve(
            actor=applications.actor("reviewer"),
            application=application,
            revision=application.revision - 1,
        )


@pytest.mark.article("M.7")
@pytest.mark.parametrize("step", ["submitted", "approved"])
def test_judging_when_the_holder_was_renamed_meanwhile_then_only_sending_back_is_left(
    applications, step
):
    seal_of(applications.department)
    application = getattr(applications, step)()
    holder = application.holder_links.get().holder
    Holder.objects.filter(pk=holder.pk).update(entered_by_department=applications.department)
    change_holder(actor=applications.actor("clerk"), holder=holder, name="泽州县改名有限公司")
    verb, person, sentence = {
        "submitted": (
            reviewing.approve,
            "reviewer",
            "这一件还有缺项或错项，不能通过。请退回补正。",
        ),
        "approved": (issuing.issue, "signatory", "这一件还有缺项或错项，不能签发。请退回补正。"),
    }[step]
    actor = applications.actor(person)
    with pytest.raises(RuleBroken) as refusal:
        verb(actor=actor, application=application, revision=application.revision)
    assert (refusal.value.article, refusal.value.reason) == ("M.7", sentence)
    row = reviewing.send_back(
        actor=actor,
        application=application,
        revision=application.revision,
        reasons="持证人改了名称",
    )
    assert row.state == "RETURNED"
    assert Licence.objects.count() == 0


@pytest.mark.parametrize("who", ["land.reviewer", "market.signatory", "market.clerk"])
def test_review_when_a_neighbour_or_another_role_then_not_permitted(cast, applications, who):
    application = applications.submitted()
    with pytest.raises(NotPermitted):
        reviewing.approve(
            actor=cast.actor(who), application=application, revision=application.revision
        )
    assert refusal_of("application_approved").subject_key == str(application.uuid)
    application.refresh_from_db()
    assert application.state == "UNDER_REVIEW"


@pytest.mark.article("M.9")
def test_issue_when_sound_then_register_seal_use_clock_and_trail_in_one_act(applications):
    licence = applications.issued()
    application = Application.objects.get(pk=licence.application_id)
    signatory = applications.cast.account("market.signatory")
    assert (application.state, application.signed_off_by, licence.state) == (
        "CONCLUDED",
        signatory,
        "AWAITING_FILE",
    )
    assert licence.number == "取水（晋泽）字〔2026〕第000001号"
    version = LicenceVersion.objects.get(licence=licence)
    assert (version.no, version.is_made, version.signed_off_by) == (1, False, signatory)
    use = SealUse.objects.get()
    assert use.approved_by_name == signatory.name
    clock = Deadline.objects.get(subject_key=str(licence.uuid))
    assert (clock.article, clock.state, str(clock.last_day)) == ("M.9", "RUNNING", "2026-11-18")
    assert last("licence_issued", subject_kind="application").facts == {
        "state": ["APPROVED", "CONCLUDED"],
        "licence": licence.identifier,
    }
    assert last("licence_issued", subject_kind="licence").subject_key == str(licence.uuid)


@pytest.mark.article("M.7")
@pytest.mark.parametrize(
    ("who", "sentence"),
    [("market.clerk", issuing.CAPTURED_IT), ("market.reviewer", issuing.REVIEWED_IT)],
)
def test_issue_when_an_earlier_hand_signs_then_refused_and_nothing_is_entered(
    cast, applications, who, sentence
):
    seal_of(cast.market)
    application = applications.approved()
    actor = also(cast, who, Role.SIGNATORY)
    with pytest.raises(RuleBroken) as refusal:
        issuing.issue(actor=actor, application=application, revision=application.revision)
    assert refusal.value.reason == sentence
    assert Licence.objects.count() == 0
    assert refusal_of("licence_issued").subject_key == str(application.uuid)


def test_issue_when_the_county_joins_review_and_sign_off_then_the_reviewer_may(
    cast, applications, settings
):
    settings.PORTAL_REVIEWER_MAY_SIGN_OFF = True
    seal_of(cast.market)
    application = applications.approved()
    actor = also(cast, "market.reviewer", Role.SIGNATORY)
    licence = issuing.issue(actor=actor, application=application, revision=application.revision)
    assert licence.state == "AWAITING_FILE"


@pytest.mark.article("M.13")
def test_issue_when_the_department_has_no_seal_then_refused_with_the_sentence(applications):
    application = applications.approved()
    with pytest.raises(RuleBroken) as refusal:
        issuing.issue(
            actor=applications.actor("signatory"),
            application=application,
            revision=application.revision,
        )
    assert refusal.value.reason == (
        "泽州县市场监督管理局没有可用的电子印章，不能签发。请找印章保管人。"
    )
    application.refresh_from_db()
    assert application.state == "APPROVED"


def test_issue_when_a_neighbours_signatory_then_not_permitted(cast, applications):
    seal_of(cast.market)
    seal_of(cast.land)
    application = applications.approved()
    with pytest.raises(NotPermitted, match="这一件属于其他单位"):
        issuing.issue(
            actor=cast.actor("land.signatory"),
            application=application,
            revision=application.revision,
        )
    assert Licence.objects.count() == 0


def test_issue_twice_when_already_concluded_then_one_licence(applications):
    licence = applications.issued()
    application = Application.objects.get(pk=licence.application_id)
    with pytest.raises(RuleBroken, match="现在是“已办结”，不能签发"):
        issuing.issue(
            actor=applications.actor("signatory"),
            application=application,
            revision=application.revision,
        )
    assert Licence.objects.count() == 1


def test_issue_many_when_one_is_refused_then_the_others_are_issued(applications):
    seal_of(applications.department)
    good, stale = applications.approved(), applications.approved()
    issued, refused = issuing.issue_many(
        actor=applications.actor("signatory"),
        applications=[(stale, stale.revision - 1), (good, good.revision)],
    )
    assert [one.application_id for one in issued] == [good.pk]
    assert [(one.application, one.reason) for one in refused] == [
        (stale, "您打开这一页以后，这一件有变化。请刷新，看过再签发。")
    ]


def test_sign_off_when_sent_back_then_mended_and_reviewed_again(applications):
    application = applications.approved()
    row = reviewing.send_back(
        actor=applications.actor("signatory"),
        application=application,
        revision=application.revision,
        reasons="取水量写错了",
    )
    assert row.state == "RETURNED"
    row = applications.captured(row, intake_volume="4")
    assert row.state == "RETURNED"
    row = receiving.submit(
        actor=applications.actor("clerk"), application=row, revision=row.revision
    )
    assert row.state == "UNDER_REVIEW"


@pytest.mark.article("M.9")
def test_paper_when_recorded_in_order_then_kept_with_the_taker_only_as_digest(applications):
    licence = applications.issued(applications.received(has_paper=True))
    application = Application.objects.get(pk=licence.application_id)
    clerk = applications.actor("clerk")
    with pytest.raises(RuleBroken, match="先登记印刷号，再登记发放"):
        paper.record_handing_over(actor=clerk, application=application, taken_by="李样例")
    paper.record_blank(actor=clerk, application=application, blank_number=" NO.00017 ")
    row = paper.record_handing_over(actor=clerk, application=application, taken_by="李样例")
    assert (row.paper_blank_number, row.paper_taken_by) == ("NO.00017", "李样例")
    assert last("blank_recorded").facts == {"blank": ["", "NO.00017"]}
    assert last("paper_handed_over", outcome="done").facts["taken_by"].startswith("hmac:")
    with pytest.raises(RuleBroken, match="已经登记过发放"):
        paper.record_handing_over(actor=clerk, application=application, taken_by="王样例")


def test_paper_when_none_was_asked_for_or_not_issued_then_refused(cast, applications):
    licence = applications.issued()
    application = Application.objects.get(pk=licence.application_id)
    with pytest.raises(RuleBroken, match="收件时说明不发纸质证照"):
        paper.record_blank(
            actor=applications.actor("clerk"), application=application, blank_number="1"
        )
    with pytest.raises(RuleBroken, match="还没有签发，不能登记纸质证照"):
        paper.record_blank(
            actor=applications.actor("clerk"), application=applications.received(), blank_number="1"
        )
    with pytest.raises(NotPermitted):
        paper.record_blank(
            actor=cast.actor("land.clerk"), application=application, blank_number="1"
        )


@pytest.mark.article("M.26")
def test_unmask_when_asked_then_the_record_names_the_item_and_not_the_value(cast):
    veterans = Applications(cast, kind=VETERAN)
    holder = HolderFactory()
    application = veterans.received(holders=[holder])
    Application.objects.filter(pk=application.pk).update(state="UNDER_REVIEW")
    application.refresh_from_db()
    reviewer = cast.actor("market.reviewer")
    number = holder.identity_number
    assert unmask(actor=reviewer, application=application, what="citizen_id") == number
    assert unmask(actor=reviewer, application=application, what=f"holder:{holder.uuid}") == number
    done = Record.objects.filter(action="value_unmasked", outcome="done")
    assert [row.facts for row in done.order_by("seq")] == [
        {"what": "citizen_id"},
        {"what": f"holder:{holder.uuid}"},
    ]
    for who in ("market.signatory", "land.clerk"):
        with pytest.raises(NotPermitted):
            unmask(actor=cast.actor(who), application=application, what="citizen_id")
    with pytest.raises(RuleBroken, match="没有可以查看的内容"):
        unmask(actor=reviewer, application=application, what="holder_name")
