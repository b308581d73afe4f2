"""M.7: capture, review, sign-off by three people; complete before it goes on."""

import pytest

from licences.applications import issuing, receiving, reviewing
from tests.factories.parties import PostingFactory
from tests.factories.seals import seal_of
from tests.records import outcomes, records
from zezhou_portal.parties.models import Role
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken

pytestmark = pytest.mark.article("M.7")


def everything(cast, who: str) -> None:
    """Gives one person all three roles of the market office."""
    for role in (Role.CAPTURE_CLERK, Role.REVIEWER, Role.SIGNATORY):
        if cast.postings[who].role != role.value:
            PostingFactory(account=cast.account(who), department=cast.market, role=role.value)


def test_application_when_incomplete_then_not_submitted_and_each_gap_is_named(applications) -> None:
    application = applications.captured(intake_site="", intake_volume="很多")
    with pytest.raises(RuleBroken) as refusal:
        receiving.submit(
            actor=applications.actor("clerk"),
            application=application,
            revision=application.revision,
        )
    assert refusal.value.reason == "改好这 2 处就能提交。"
    assert sorted(refusal.value.fields) == ["intake_site", "intake_volume"]
    application.refresh_from_db()
    assert application.state == "CAPTURING"


def test_capturer_when_reviewing_the_own_application_then_refused(applications, cast) -> None:
    everything(cast, "market.clerk")
    application = applications.submitted()
    with pytest.raises(RuleBroken) as refusal:
        reviewing.approve(
            actor=cast.actor("market.clerk"), application=application, revision=application.revision
        )
    assert (refusal.value.article, refusal.value.reason) == ("M.7", reviewing.OWN_APPLICATION)
    assert [outcome for outcome, _ in outcomes("application_approved")] == ["refused"]


def test_capturer_when_signing_off_the_own_application_then_refused(applications, cast) -> None:
    everything(cast, "market.clerk")
    seal_of(cast.market)
    application = applications.approved()
    with pytest.raises(RuleBroken) as refusal:
        issuing.issue(
            actor=cast.actor("market.clerk"), application=application, revision=application.revision
        )
    assert refusal.value.reason == issuing.CAPTURED_IT


def test_reviewer_when_signing_off_too_then_refused_unless_the_county_joins_them(
    applications, cast, settings
) -> None:
    everything(cast, "market.reviewer")
    seal_of(cast.market)
    application = applications.approved()
    reviewer = cast.actor("market.reviewer")
    with pytest.raises(RuleBroken) as refusal:
        issuing.issue(actor=reviewer, application=application, revision=application.revision)
    assert refusal.value.reason == issuing.REVIEWED_IT
    settings.PORTAL_REVIEWER_MAY_SIGN_OFF = True
    assert (
        issuing.issue(actor=reviewer, application=application, revision=application.revision).state
        == "AWAITING_FILE"
    )


def test_neighbour_when_judging_then_refused(applications, cast) -> None:
    application = applications.submitted()
    with pytest.raises(NotPermitted) as refusal:
        reviewing.approve(
            actor=cast.actor("land.reviewer"),
            application=application,
            revision=application.revision,
        )
    assert refusal.value.reason == "这一件属于其他单位。"


def test_decision_when_without_reasons_then_refused(applications) -> None:
    application = applications.submitted()
    for decide in (reviewing.refuse, reviewing.send_back):
        with pytest.raises(RuleBroken) as refusal:
            decide(
                actor=applications.actor("reviewer"),
                application=application,
                revision=application.revision,
                reasons="  ",
            )
        assert refusal.value.fields == {"reasons": "还没有写理由。退回和不予通过都要写明理由"}


def test_page_when_older_than_the_application_then_refused(applications) -> None:
    application = applications.submitted()
    with pytest.raises(RuleBroken, match="有变化"):
        reviewing.approve(
            actor=applications.actor("reviewer"),
            application=application,
            revision=application.revision - 1,
        )


def test_application_when_walked_then_each_step_left_one_record(applications) -> None:
    applications.issued()
    steps = [
        "application_received",
        "values_captured",
        "application_submitted",
        "application_approved",
    ]
    for action in steps:
        (record,) = records(action)
        assert record.outcome == "done"
    states = [record.facts["state"] for record in (records(one)[0] for one in steps[1:])]
    assert states == [
        ["RECEIVED", "CAPTURING"],
        ["CAPTURING", "UNDER_REVIEW"],
        ["UNDER_REVIEW", "APPROVED"],
    ]
