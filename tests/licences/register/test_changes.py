"""Happenings after issue: state, history, message, record; and who must be refused (M.8, M.23)."""

import json

import pytest

from audit.trail.models import Record
from licences.applications import receiving
from licences.models import Licence, LicenceStatus, MarkKind
from licences.register import changes, marking, producing
from licences.register.selectors import is_in_force
from sample_county.city.judging import mark_of
from seals.custody import endings
from seals.models import Seal
from tests.cast import Cast
from tests.factories.licences import Applications
from tests.flows.test_application_to_city import issued
from usage.verifying.file_verdicts import verify_file
from zezhou_portal.exchange.models import Outbound
from zezhou_portal.kernel import clock, files, vault
from zezhou_portal.parties.models import Holder
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken

GROUND = {"reason": "检查中发现经营条件变化", "document": "泽市监罚〔2026〕12号"}


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast()


@pytest.fixture
def licence(cast: Cast) -> Licence:
    made = issued(cast)
    producing.produce_waiting()
    made.refresh_from_db()
    return made


def topics(licence: Licence) -> list[tuple[str, int]]:
    rows = Outbound.objects.filter(subject_key=str(licence.uuid)).order_by("version")
    return [(row.topic, row.version) for row in rows]


@pytest.mark.article("M.8")
def test_detention_and_release_each_leave_state_history_message_and_record(
    cast: Cast, licence: Licence
) -> None:
    signatory = cast.actor("market.signatory")
    detained = changes.detain(actor=signatory, licence=licence, **GROUND)
    assert detained.state == "DETAINED"
    assert not is_in_force(detained, clock.today())
    released = changes.release(actor=signatory, licence=detained, **GROUND)
    assert is_in_force(released, clock.today())
    history = LicenceStatus.objects.filter(licence=licence).order_by("since")
    assert [row.state for row in history] == ["AWAITING_FILE", "IN_FORCE", "DETAINED", "IN_FORCE"]
    assert topics(licence) == [
        ("licence_issued", 1),
        ("licence_detained", 2),
        ("licence_released", 3),
    ]
    assert Record.objects.get(action="licence_detained").facts["state"] == ["IN_FORCE", "DETAINED"]


@pytest.mark.article("M.26")
def test_a_ground_when_given_then_kept_in_the_history_and_by_digest_alone_on_the_trail(
    cast: Cast, licence: Licence
) -> None:
    changes.detain(actor=cast.actor("market.signatory"), licence=licence, **GROUND)
    status = licence.statuses.get(until__isnull=True)
    assert {"reason": status.reason, "document": status.document} == GROUND
    facts = Record.objects.get(action="licence_detained").facts
    assert facts["reason"] == f"hmac:{vault.blind(GROUND['reason'])}"
    assert facts["document"] == f"hmac:{vault.blind(GROUND['document'])}"


@pytest.mark.article("M.26")
def test_a_mark_s_words_when_given_then_by_digest_alone_on_the_trail(
    cast: Cast, licence: Licence
) -> None:
    signatory = cast.actor("market.signatory")
    given = {"actor": signatory, "licence": licence, "kind": MarkKind.PLEDGED, "detail": "李样例"}
    assert marking.put_on(**given).detail == "李样例"
    marking.take_off(**given)
    told = [Record.objects.get(action=action).facts for action in ("mark_put_on", "mark_taken_off")]
    assert told == [{"mark": "PLEDGED", "detail": f"hmac:{vault.blind('李样例')}"}] * 2
    sent = Outbound.objects.filter(topic__in=["licence_marked", "licence_unmarked"])
    # the shape that the stand-in city reads
    assert [mark_of(json.loads(one.content)["mark"]) for one in sent] == [("PLEDGED", "李样例")] * 2


@pytest.mark.article("M.8")
@pytest.mark.parametrize(
    ("verb", "state", "topic"),
    [("revoke", "REVOKED", "licence_revoked"), ("cancel", "CANCELLED", "licence_cancelled"),
     ("annul", "ANNULLED", "licence_annulled")],
)  # fmt: skip
def test_an_ending_is_final_and_told_by_its_own_message(
    cast: Cast, licence: Licence, verb: str, state: str, topic: str
) -> None:
    signatory = cast.actor("market.signatory")
    ended = getattr(changes, verb)(actor=signatory, licence=licence, **GROUND)
    assert ended.state == state
    assert topics(licence)[-1] == (topic, 2)
    for again in (changes.detain, changes.revoke, changes.cancel, changes.annul):
        with pytest.raises(RuleBroken, match="不能"):
            again(actor=signatory, licence=ended, **GROUND)
    assert topics(licence)[-1] == (topic, 2)


def test_a_ground_must_be_given_and_a_neighbour_or_clerk_is_refused(
    cast: Cast, licence: Licence
) -> None:
    with pytest.raises(RuleBroken) as missing:
        changes.detain(
            actor=cast.actor("market.signatory"), licence=licence, reason="", document=""
        )
    assert set(missing.value.fields) == {"reason", "document"}
    for who in ("market.clerk", "land.signatory"):
        with pytest.raises(NotPermitted):
            changes.detain(actor=cast.actor(who), licence=licence, **GROUND)
    licence.refresh_from_db()
    assert licence.state == "IN_FORCE"
    refused = Record.objects.using("refusals").filter(action="licence_detained", outcome="refused")
    assert refused.count() == 2  # a form that is not filled in is no act


def test_a_licence_annulled_before_its_file_is_never_made_or_told(cast: Cast) -> None:
    waiting = issued(cast)
    changes.annul(actor=cast.actor("market.signatory"), licence=waiting, **GROUND)
    assert producing.produce_waiting() == 0
    waiting.refresh_from_db()
    assert waiting.state == "ANNULLED"
    assert topics(waiting) == []


@pytest.mark.article("M.23")
def test_an_objection_mark_stops_use_until_it_is_taken_off(cast: Cast, licence: Licence) -> None:
    signatory = cast.actor("market.signatory")
    data = files.read(licence.versions.get().file.digest)
    marking.put_on(actor=signatory, licence=licence, kind=MarkKind.OBJECTED, detail="住所")
    assert verify_file(data, file_name="a.ofd").verdict == "failed"
    with pytest.raises(RuleBroken, match="已经有"):
        marking.put_on(actor=signatory, licence=licence, kind=MarkKind.OBJECTED, detail="住所")
    marking.take_off(actor=signatory, licence=licence, kind=MarkKind.OBJECTED, detail="住所")
    assert verify_file(data, file_name="a.ofd").verdict == "passed"
    assert [topic for topic, _ in topics(licence)] == [
        "licence_issued",
        "licence_marked",
        "licence_unmarked",
    ]
    with pytest.raises(RuleBroken, match="没有"):
        marking.take_off(actor=signatory, licence=licence, kind=MarkKind.OBJECTED, detail="住所")


def test_a_mark_that_says_of_what_needs_to_be_told(cast: Cast, licence: Licence) -> None:
    with pytest.raises(RuleBroken, match="还没有写年检年度"):
        marking.put_on(
            actor=cast.actor("market.signatory"), licence=licence, kind=MarkKind.INSPECTED
        )
    with pytest.raises(NotPermitted):
        marking.put_on(actor=cast.actor("land.signatory"), licence=licence, kind=MarkKind.LOST)


@pytest.mark.article("S.16")
def test_a_blocked_seal_seals_nothing_until_it_is_given_back(cast: Cast, licence: Licence) -> None:
    seal = Seal.objects.get(department=cast.market)
    custodian = cast.actor("market.custodian")
    with pytest.raises(NotPermitted):
        endings.block(actor=cast.actor("land.custodian"), seal=seal, reason="丢失")
    with pytest.raises(RuleBroken, match="还没有写原因"):
        endings.block(actor=custodian, seal=seal, reason=" ")
    blocked = endings.block(actor=custodian, seal=seal, reason="密钥介质丢失")
    assert blocked.state == "BLOCKED"
    with pytest.raises(RuleBroken, match="不能停用"):
        endings.block(actor=custodian, seal=blocked, reason="再报")
    assert endings.unblock(actor=custodian, seal=blocked, reason="已找回").state == "ACTIVE"


@pytest.mark.article("M.26")
def test_a_seal_s_reason_when_given_then_kept_beside_the_seal_and_by_digest_on_the_trail(
    cast: Cast, licence: Licence
) -> None:
    seal, custodian = Seal.objects.get(department=cast.market), cast.actor("market.custodian")
    endings.block(actor=custodian, seal=seal, reason=" 李样例遗失介质 ")
    endings.unblock(actor=custodian, seal=seal, reason="李样例已找回")
    history = [(one.state, one.act, one.reason) for one in seal.changes.all()]
    assert history == [
        ("ACTIVE", "seal_unblocked", "李样例已找回"),
        ("BLOCKED", "seal_blocked", "李样例遗失介质"),
    ]
    facts = Record.objects.get(action="seal_blocked").facts
    assert facts["reason"] == f"hmac:{vault.blind('李样例遗失介质')}"


@pytest.mark.article("M.3")
def test_a_holder_entered_for_a_secret_application_alone_is_erased_and_others_stay(
    cast: Cast,
) -> None:

    applications = Applications(cast)
    kept, secret = applications.received(), applications.received()
    shared = [link.holder_id for link in kept.holder_links.all()]
    alone = [link.holder_id for link in secret.holder_links.all() if link.holder_id not in shared]
    receiving.declare_secret(actor=cast.actor("market.clerk"), application=secret)
    assert Holder.objects.filter(pk__in=shared).count() == len(shared)
    assert not Holder.objects.filter(pk__in=alone).exists()
    secret.refresh_from_db()
    assert (secret.state, secret.values) == ("ERASED", {})
