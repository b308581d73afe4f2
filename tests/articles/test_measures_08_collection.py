"""M.8: what happens to a licence goes to the city in the same step, and says the same."""

import json
from datetime import date, timedelta

import pytest

from licences.models import Licence, LicenceFile
from licences.register import producing
from licences.register.expiring import expire_due
from seals.documents.metadata import read_custom_data
from seals.documents.package import read_package
from tests.records import records
from zezhou_portal.exchange.models import Outbound
from zezhou_portal.exchange.topics import BY_VERB
from zezhou_portal.kernel import clock, files

pytestmark = pytest.mark.article("M.8")


def test_message_when_the_licence_enters_into_force_then_in_the_same_transaction(
    applications, monkeypatch
) -> None:
    licence = applications.issued()

    def no_message(*_: object) -> None:
        raise RuntimeError("the message cannot be written")

    monkeypatch.setattr(producing, "post_issued", no_message)
    producing.produce_waiting()  # one that fails holds nobody up, and is told at the desk
    licence.refresh_from_db()
    assert licence.state == "AWAITING_FILE"
    assert (LicenceFile.objects.count(), Outbound.objects.count()) == (0, 0)
    assert [row.outcome for row in records("licence_in_force")] == ["failed"]


def test_message_when_posted_then_says_what_the_file_says(applications) -> None:
    licence = applications.issued()
    producing.produce_waiting()
    licence.refresh_from_db()
    message = Outbound.objects.get(subject_key=str(licence.uuid))
    content = json.loads(message.content)
    carried = read_custom_data(read_package(files.read(message.file_digest)))
    told = {
        name: value if isinstance(value, str) else value[0]
        for name, value in content["metadata"].items()
    }
    assert carried == told
    assert carried["ZZBS"] == licence.identifier
    assert (content["state"], content["version"], content["origin"]) == ("IN_FORCE", 1, "NEW")
    assert message.file_digest == LicenceFile.objects.get().digest


def test_expiry_when_it_comes_then_state_history_and_message_agree(applications) -> None:
    licence = applications.issued()
    producing.produce_waiting()
    Licence.objects.filter(pk=licence.pk).update(
        valid_from=date(2020, 1, 1), valid_until=clock.today() - timedelta(days=1)
    )
    assert expire_due() == 1
    assert expire_due() == 0
    licence.refresh_from_db()
    assert licence.state == "EXPIRED"
    assert licence.statuses.get(until__isnull=True).state == "EXPIRED"
    first, second = Outbound.objects.filter(subject_key=str(licence.uuid)).order_by("version")
    assert (first.topic, second.topic) == ("licence_issued", "licence_expired")
    assert json.loads(second.content)["state"] == "EXPIRED"
    assert first.version < second.version


def test_verb_when_it_changes_a_licence_then_has_a_message_of_its_own() -> None:
    assert set(BY_VERB) == {
        "enter_into_force", "alter", "extend", "detain", "release", "expire", "cancel", "revoke",
        "annul",
    }  # fmt: skip
    assert len({topic.code for topic in BY_VERB.values()}) == len(BY_VERB)
