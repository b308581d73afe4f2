"""A licence on a past day: by its states, versions, marks and dates of that day (M.8)."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from licences.models import Licence, LicenceVersion, MarkKind
from licences.register import changes, extending, marking, producing
from tests.cast import Cast
from tests.conftest import WEDNESDAY
from tests.usage import duty
from tests.usage.sealed import in_force
from usage.models import Mode, Verification
from usage.verifying.past_days import verify_on
from usage.verifying.version_facts import facts_of_version
from zezhou_portal.regulation.errors import RuleBroken

pytestmark = pytest.mark.article("M.8")
DAY = timedelta(days=1)


def outcome_on(cast: Cast, licence: Licence, day: date, no: int = 1) -> str:
    facts = facts_of_version(LicenceVersion.objects.get(licence=licence, no=no).pk)
    actor = cast.actor("power.verifier")
    got = verify_on(actor=actor, facts=facts, day=day, mode=Mode.TYPED)
    row = got.licences[0].verification
    assert (row.on_day, row.outcome) == (day, got.outcome.key if got.outcome else None)
    return row.outcome


def ground(cast: Cast, licence: Licence) -> dict[str, object]:
    return {
        "actor": cast.actor("market.signatory"), "licence": licence, "reason": "检查",
        "document": "扣〔2026〕1号",
    }  # fmt: skip


def test_day_when_detained_last_week_and_released_today_then_as_it_was(
    cast: Cast, wednesday: time_machine.Traveller
) -> None:
    licence = in_force(cast)
    entered = WEDNESDAY.date()
    wednesday.shift(2 * DAY)
    changes.detain(**ground(cast, licence))
    wednesday.shift(5 * DAY)
    changes.release(**ground(cast, licence))
    wednesday.shift(2 * DAY)
    said = {n: outcome_on(cast, licence, entered + n * DAY) for n in range(-1, 9)}
    assert said == {
        -1: "not_then", 0: "valid", 1: "valid",
        # the day of the detention and that of the release are not whole
        2: "detained", 3: "detained", 4: "detained", 5: "detained", 6: "detained", 7: "detained",
        8: "valid",
    }  # fmt: skip
    answers = {one["code"]: one for one in Verification.objects.latest("pk").answers}
    assert answers["city_has_version"]["reason_code"] == "past_day"
    assert answers["seal_valid_when_sealed"]["answer"] == "yes"


def test_day_when_the_file_was_not_made_then_not_in_force(
    cast: Cast, wednesday: time_machine.Traveller
) -> None:
    from tests.factories.licences import Applications

    licence = Applications(cast).issued()
    wednesday.shift(2 * DAY)
    producing.produce_waiting()
    wednesday.shift(2 * DAY)
    entered = WEDNESDAY.date()
    assert outcome_on(cast, licence, entered) == "awaiting_file"
    assert outcome_on(cast, licence, entered + DAY) == "awaiting_file"
    assert outcome_on(cast, licence, entered + 2 * DAY) == "valid"


def test_day_when_another_version_stood_then_superseded_or_not_then(
    cast: Cast, wednesday: time_machine.Traveller
) -> None:
    licence = in_force(cast)
    wednesday.shift(3 * DAY)
    extending.extend(
        actor=cast.actor("market.signatory"), licence=licence,
        valid_until=licence.valid_until + timedelta(days=365), document="延〔2026〕1号",
    )  # fmt: skip
    producing.produce_waiting()
    second = Licence.objects.get(pk=licence.pk)
    wednesday.shift(2 * DAY)
    entered = WEDNESDAY.date()
    assert outcome_on(cast, second, entered + DAY, no=1) == "valid"
    assert outcome_on(cast, second, entered + DAY, no=2) == "not_then"
    assert outcome_on(cast, second, entered + 4 * DAY, no=1) == "superseded"
    assert outcome_on(cast, second, entered + 4 * DAY, no=2) == "valid"


def test_day_when_a_mark_was_on_and_is_off_then_on_that_day_it_stops(
    cast: Cast, wednesday: time_machine.Traveller
) -> None:
    licence, signatory = in_force(cast), cast.actor("market.signatory")
    wednesday.shift(DAY)
    marking.put_on(actor=signatory, licence=licence, kind=MarkKind.LOST)
    wednesday.shift(2 * DAY)
    marking.take_off(actor=signatory, licence=licence, kind=MarkKind.LOST)
    wednesday.shift(2 * DAY)
    entered = WEDNESDAY.date()
    said = [outcome_on(cast, licence, entered + n * DAY) for n in range(5)]
    assert said == ["valid", "lost", "lost", "lost", "valid"]


def test_day_when_it_lies_outside_the_term_then_said(
    cast: Cast, wednesday: time_machine.Traveller
) -> None:
    licence = in_force(cast)
    entered = WEDNESDAY.date()
    Licence.objects.filter(pk=licence.pk).update(
        valid_from=entered + DAY, valid_until=entered + 2 * DAY
    )
    wednesday.shift(5 * DAY)
    said = [outcome_on(cast, licence, entered + n * DAY) for n in range(4)]
    assert said == ["not_yet", "valid", "valid", "expired"]


def test_day_when_today_or_later_then_refused(
    cast: Cast, wednesday: time_machine.Traveller
) -> None:
    licence = in_force(cast)
    for day in (WEDNESDAY.date(), WEDNESDAY.date() + DAY):
        with pytest.raises(RuleBroken):
            outcome_on(cast, licence, day)
    assert not Verification.objects.exists()


def test_paper_when_a_day_is_given_then_asked_of_that_day_and_never_relied_on(
    cast: Cast, wednesday: time_machine.Traveller
) -> None:
    licence = in_force(cast)
    wednesday.shift(5 * DAY)
    client = cast.client("power.verifier")
    words = {
        "number": licence.number, "code": licence.versions.get().check_code,
        "issued_on": licence.issued_on.isoformat(), "holder": licence.holder_names,
    }  # fmt: skip
    day = WEDNESDAY.date() + DAY
    answer = client.post(reverse("usage:check-paper"), {**words, "on_day": f"{day:%Y%m%d}"})
    said = client.get(answer["Location"]).content.decode()
    assert f"{day.year}年{day.month}月{day.day}日那一天，证照有效。只说明那一天。" in said
    assert "作为依据" not in said
    row = Verification.objects.get()
    refused = client.post(reverse("usage:rely", args=[row.uuid]), {"purpose": "报装"})
    assert "按过去某一天查的" in refused.content.decode()
    ahead = client.post(reverse("usage:check-paper"), {**words, "on_day": "2027-01-01"})
    assert (ahead.status_code, "这一天还没有到" in ahead.content.decode()) == (422, True)


def test_result_of_paper_when_another_day_is_asked_then_a_verdict_of_its_own(
    cast: Cast, wednesday: time_machine.Traveller
) -> None:
    licence = in_force(cast)
    wednesday.shift(3 * DAY)
    client = cast.client("power.verifier")
    row = duty.scan(client, duty.printed(licence))
    address = reverse("usage:check-day", args=[row.uuid])
    assert address in client.get(reverse("usage:check-result", args=[row.uuid])).content.decode()
    done = client.post(address, {"on_day": (WEDNESDAY.date() - DAY).isoformat()})
    assert done.status_code == 303
    latest = Verification.objects.latest("pk")
    assert (latest.outcome, latest.mode) == ("not_then", "printed")
    _, code = duty.shown(licence)
    presentation = duty.scan(client, code.secret)
    assert client.get(reverse("usage:check-day", args=[presentation.uuid])).status_code == 404
