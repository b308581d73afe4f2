"""Each answer of a verification, branch by branch; the kept proof of a file's signatures."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from licences.models import LicenceFile, LicenceHolder, LicenceVersion
from licences.register.selectors import in_force as register_in_force
from seals.documents.questions import VERIFICATION_ORDER, Answer, Answered, Question
from tests.cast import Cast
from tests.factories.licences import Applications
from tests.factories.parties import HolderFactory
from tests.usage.presentations import read, shown
from tests.usage.sealed import in_force, made
from tests.usage.verifying.test_code_on_the_face import address_of
from usage.models import FileProof, PresentationOff
from usage.verifying import file_proofs
from usage.verifying.answers import (
    CITY_MAY_TAKE,
    answers_on,
    as_rows,
    city_answer,
    from_rows,
    seal_answer,
)
from usage.verifying.file_proofs import PROOF_COUNTS, TRUST_STANDS, file_answers, prove
from usage.verifying.outcomes import Outcome
from usage.verifying.services import check_printed
from usage.verifying.version_facts import (
    FileMessage,
    VersionFacts,
    facts_of,
    facts_of_version,
)
from zezhou_portal.kernel import clock, files
from zezhou_portal.kernel.actors import public

YES, NO, UNKNOWN, UNASKED = Answer.YES, Answer.NO, Answer.NOT_KNOWN, Answer.NOT_ASKED
THEN_YES = Answered(Question.SEAL_VALID_WHEN_SEALED, YES)
THEN_UNKNOWN = Answered(Question.SEAL_VALID_WHEN_SEALED, UNKNOWN)
NOW = datetime(2026, 11, 18, 2, tzinfo=UTC)
DIGEST = "ab" * 32


def facts_with(
    *, has_file: bool = True, word: FileMessage | None = None, **seal: Any
) -> VersionFacts:
    """As much of a version as the answer looks at."""
    told = {
        "name": "样例章", "state": "ACTIVE", "state_since": NOW,
        "valid_from": NOW - timedelta(days=1), "valid_until": NOW + timedelta(days=1), **seal,
    }  # fmt: skip
    version: Any = SimpleNamespace(seal_use=SimpleNamespace(seal=SimpleNamespace(**told)))
    file: Any = SimpleNamespace(digest=DIGEST) if has_file else None
    return VersionFacts(
        version=version, file=file, marks=(), is_in_force=True, is_off_for_all=False,
        city_message=word,
    )  # fmt: skip


@pytest.mark.article("S.8", "S.16")
@pytest.mark.parametrize(
    ("facts", "then", "answer", "code"),
    [
        (facts_with(), THEN_YES, YES, ""),
        (facts_with(state="RENEWING"), THEN_YES, YES, ""),
        (facts_with(has_file=False), THEN_YES, UNASKED, "no_file"),
        (facts_with(state="BLOCKED"), THEN_YES, UNKNOWN, "seal_blocked"),
        (facts_with(state="BLOCKED"), THEN_UNKNOWN, UNKNOWN, "seal_blocked"),
        (facts_with(state="EXPIRED"), THEN_YES, UNASKED, "ended_since"),
        (facts_with(state="CANCELLED"), THEN_YES, UNASKED, "ended_since"),
        (facts_with(state="CANCELLED"), THEN_UNKNOWN, UNKNOWN, "seal_ended"),
        (facts_with(valid_until=NOW - timedelta(seconds=1)), THEN_YES, UNASKED, "ended_since"),
        (facts_with(valid_until=NOW), THEN_YES, YES, ""),
        (facts_with(valid_from=NOW + timedelta(seconds=1)), THEN_UNKNOWN, UNKNOWN, "seal_ended"),
    ],
)
def test_seal_when_asked_whether_valid_now_then_by_state_and_term(
    wednesday: None, facts: VersionFacts, then: Answered, answer: Answer, code: str
) -> None:
    told = seal_answer(facts, then)
    assert (told.question, told.answer, told.reason_code) == (Question.SEAL_VALID_NOW, answer, code)
    assert bool(told.reason) == bool(code)


def word(state: str, digest: str = DIGEST, age: timedelta = timedelta(0)) -> FileMessage:
    return FileMessage(state, digest, NOW - age)


@pytest.mark.article("M.8")
@pytest.mark.parametrize(
    ("facts", "answer", "code"),
    [
        (facts_with(has_file=False), UNASKED, "no_file"),
        (facts_with(), UNKNOWN, "other_version"),
        (facts_with(word=word("ACCEPTED", "cd" * 32)), UNKNOWN, "other_version"),
        (facts_with(word=word("ACCEPTED")), YES, ""),
        (facts_with(word=word("REFUSED")), UNKNOWN, "city_refused"),
        (facts_with(word=word("WAITING")), UNASKED, "city_on_the_way"),
        (facts_with(word=word("SENT", age=CITY_MAY_TAKE - timedelta(seconds=1))), UNASKED,
         "city_on_the_way"),
        (facts_with(word=word("SENT", age=CITY_MAY_TAKE)), UNKNOWN, "city_silent"),
        (facts_with(word=word("WAITING", age=CITY_MAY_TAKE)), UNKNOWN, "city_silent"),
        (facts_with(word=word("GIVEN_UP")), UNKNOWN, "city_silent"),
    ],
)  # fmt: skip
def test_city_when_asked_whether_it_has_the_version_then_by_its_answer(
    wednesday: None, facts: VersionFacts, answer: Answer, code: str
) -> None:
    told = city_answer(facts)
    assert (told.question, told.answer, told.reason_code) == (
        Question.CITY_HAS_VERSION, answer, code,
    )  # fmt: skip


@pytest.mark.article("M.8", "M.19")
def test_answers_when_asked_then_ten_in_the_published_order_from_four_plain_statements(
    cast: Cast, wednesday: time_machine.Traveller
) -> None:
    licence = in_force(cast)
    rows = LicenceVersion.objects.filter(licence=licence)
    for proved in facts_of(rows):
        file_answers(proved.file)
    with CaptureQueriesContext(connection) as asked:
        (facts,) = facts_of(rows)
        answers = answers_on(facts)
    assert _statements(asked) == _FACTS
    assert tuple(one.question for one in answers) == VERIFICATION_ORDER
    assert from_rows(json.loads(json.dumps(as_rows(answers)))) == answers
    assert facts.is_in_force
    assert register_in_force(type(licence).objects.all(), clock.today()).get() == licence
    assert facts.marks == ()


def test_check_when_repeated_then_its_facts_are_read_and_two_rows_written_in_one_transaction(
    cast: Cast,
) -> None:
    licence = in_force(cast)
    _, _, serial, code = address_of(licence).split("/")
    check_printed(actor=public("t"), serial=serial, code=code)
    with CaptureQueriesContext(connection) as asked:
        check_printed(actor=public("t"), serial=serial, code=code)
    assert _statements(asked) == [*_FACTS, "SAVEPOINT", "INSERT", "INSERT", "RELEASE"]


@pytest.mark.article("P.2.3.3")
def test_code_when_read_then_taken_judged_and_written_in_one_transaction(cast: Cast) -> None:
    licence = in_force(cast)
    read(public("t"), shown(licence)[1].secret)
    row, code = shown(licence)
    with CaptureQueriesContext(connection) as asked:
        got = read(public("t"), code.secret)
    assert got.outcome is Outcome.VALID
    assert _statements(asked) == [
        "SAVEPOINT",
        "SELECT",  # where the code leads
        "UPDATE",  # takes the presentation
        "SELECT",  # the presentation as it stands then
        "SELECT",  # its licences
        *_FACTS,
        "INSERT",  # the verification
        "INSERT",  # its record
        "RELEASE",
    ]
    told = got.presentation
    assert told is not None
    row.refresh_from_db()
    assert (row.state, row.reader_name) == ("REDEEMED", "没有登录的人")
    for name in ("state", "reader_name", "read_at", "closed_at", "reader_account_id"):
        assert getattr(told, name) == getattr(row, name)


# The versions with licence, seal and file; marks; who switched them off; what the city was told.
_FACTS = ["SELECT"] * 4


def _statements(asked: CaptureQueriesContext) -> list[str]:
    return [one["sql"].split()[0] for one in asked.captured_queries]


@pytest.mark.article("S.10")
def test_proof_when_a_day_is_over_then_worked_out_anew(
    cast: Cast, wednesday: time_machine.Traveller
) -> None:
    in_force(cast)
    file = LicenceFile.objects.get()
    file_answers(file)
    first = FileProof.objects.get()
    wednesday.shift(PROOF_COUNTS - timedelta(seconds=1))
    file_answers(LicenceFile.objects.get())
    assert FileProof.objects.get().proved_at == first.proved_at
    wednesday.shift(timedelta(seconds=1))
    file_answers(LicenceFile.objects.get())
    assert FileProof.objects.get().proved_at == clock.now()


@pytest.mark.article("S.10")
def test_roots_when_they_go_then_they_count_for_a_second_and_no_longer(
    cast: Cast, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_force(cast)
    file = LicenceFile.objects.get()
    shutil.copytree(settings.PORTAL_KEYS, tmp_path / "keys")
    settings.PORTAL_KEYS = tmp_path / "keys"
    at = SimpleNamespace(now=100.0)
    monkeypatch.setattr(file_proofs, "time", SimpleNamespace(monotonic=lambda: at.now))
    assert file_answers(file)[1].answer is YES
    shutil.rmtree(tmp_path / "keys" / "trust" / "roots")
    at.now += 0.9 * TRUST_STANDS
    assert file_answers(file)[1].answer is YES
    at.now = 100.0 + TRUST_STANDS
    assert file_answers(file)[1].answer is UNKNOWN


@pytest.mark.parametrize(
    "change",
    [
        {"trust": "other roots"},
        {"answers": {}},
        {"answers": {"signature_right": ["yes", "", ""]}},
        {"proved_at": datetime(2099, 1, 1, tzinfo=UTC)},
    ],
)
def test_proof_when_it_does_not_fit_then_worked_out_anew(
    cast: Cast, wednesday: None, change: dict[str, Any]
) -> None:
    in_force(cast)
    file_answers(LicenceFile.objects.get())
    FileProof.objects.update(**change)
    answers = file_answers(LicenceFile.objects.get())
    assert [one.answer for one in answers] == [YES, YES, YES]
    kept = FileProof.objects.get()
    assert len(kept.answers) == 8
    assert kept.proved_at == clock.now()


@pytest.mark.django_db(transaction=True)
def test_proof_when_two_work_it_out_at_once_then_one_is_kept(transactional_db: None) -> None:
    in_force(Cast())
    file = LicenceFile.objects.get()
    data = files.read(file.digest)

    def one() -> bool:
        try:
            return prove(file, data) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as hands:
        assert all(one.result() for one in [hands.submit(one) for _ in range(8)])
    assert FileProof.objects.count() == 1


def test_file_when_its_folder_may_not_be_read_then_not_known(
    cast: Cast, settings: Any, tmp_path: Path
) -> None:
    in_force(cast)
    file = LicenceFile.objects.get()
    settings.PORTAL_FILES = tmp_path
    target = files.path_of(file.digest)
    target.mkdir(parents=True)  # not a file: reading it fails as a broken disk does
    answers = file_answers(file)
    assert {(one.answer, one.reason_code) for one in answers} == {(UNKNOWN, "unreadable")}
    assert {one.answer for one in file_answers(None)} == {UNASKED}


def test_proof_when_a_question_has_no_signature_then_not_known() -> None:
    assert file_proofs._worst([])[:2] == ["not_known", "no_signature"]
    mixed = [Answered(Question.NOT_REVOKED, one) for one in (YES, UNASKED, UNKNOWN, NO)]
    assert file_proofs._worst(mixed)[0] == "no"
    assert file_proofs._worst(mixed[:3])[0] == "not_known"
    assert file_proofs._worst(mixed[:2])[0] == "not_asked"


@pytest.mark.article("M.22")
def test_switched_off_when_by_every_holder_then_hidden_else_not(cast: Cast) -> None:
    applications = Applications(cast)
    licence, neighbour = made(applications.issued()), applications.issued()

    def hidden() -> bool:
        return facts_of_version(LicenceVersion.objects.get(licence=licence).pk).is_off_for_all

    (first,) = [one.holder for one in LicenceHolder.objects.filter(licence=licence)]
    PresentationOff.objects.create(licence=neighbour, holder=first, since=clock.now())
    assert not hidden()
    off = PresentationOff.objects.create(licence=licence, holder=first, since=clock.now())
    assert hidden()
    second = HolderFactory(enterprise=True)
    LicenceHolder.objects.create(licence=licence, holder=second, place=1)
    assert not hidden()
    # the second is the same person as one who has switched it off
    person = HolderFactory()
    second.same_as = person
    second.save(update_fields=["same_as"])
    PresentationOff.objects.create(licence=licence, holder=person, since=clock.now())
    assert hidden()
    off.until = clock.now()
    off.save(update_fields=["until"])
    assert not hidden()
