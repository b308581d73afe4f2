"""Every outcome that a licence itself leads to: its real cause, by presentation, by paper, by verb.

Each outcome says one thing to everybody: its code, its sentence, the next steps, and the answers
that are kept.
"""

import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings as portal
from django.test import Client

from licences.models import Licence, LicenceFile, LicenceVersion, MarkKind
from licences.register import changes, marking
from sample_county.authority import publish_revocations
from sample_county.issuing import Revocation
from seals.crypto.certificates import read_certificate
from seals.crypto.key_store import open_key
from seals.custody import endings
from seals.models import Seal
from tests.cast import Cast
from tests.factories.licences import Applications
from tests.factories.seals import START, authority
from tests.usage.presenting.test_present_and_read import PORTAL, shown
from tests.usage.sealed import in_force, second_version
from tests.usage.verifying.test_code_on_the_face import address_of
from usage.models import FileProof, Verification
from usage.verifying import codes, redemption, services
from usage.verifying.answers import answers_on, from_rows
from usage.verifying.outcomes import Outcome, outcome_of
from usage.verifying.results import VerificationResult
from usage.verifying.version_facts import facts_of_version
from zezhou_portal.exchange.models import Outbound
from zezhou_portal.kernel import clock, files
from zezhou_portal.kernel.actors import public

pytestmark = pytest.mark.usefixtures("wednesday")
KEYS = Path(portal.PORTAL_KEYS)
ISSUED = date(2026, 11, 18)


class Scene:
    """A licence in force, shown and printed, until something happens to it."""

    def __init__(self, cast: Cast, settings: Any, scratch: Path) -> None:
        self.cast, self.settings, self.scratch = cast, settings, scratch
        self.licence = in_force(cast)
        self.version = LicenceVersion.objects.get(licence=self.licence)
        self.signatory = cast.actor("market.signatory")
        _, self.code = shown(self.licence)

    @property
    def file(self) -> Path:
        return files.path_of(LicenceFile.objects.get().digest)

    def change(self, verb: Callable[..., Licence]) -> None:
        verb(
            actor=self.signatory,
            licence=self.licence,
            reason="查实",
            document="晋泽市监〔2026〕1号",
        )

    def mark(self, kind: MarkKind, detail: str = "") -> None:
        marking.put_on(actor=self.signatory, licence=self.licence, kind=kind, detail=detail)

    def dates(self, **days: date) -> None:
        Licence.objects.filter(pk=self.licence.pk).update(**days)

    def own_keys(self) -> Path:
        """A trust of this test's own: roots, intermediates and lists may be changed in it."""
        mine = self.scratch / "keys"
        shutil.copytree(KEYS, mine)
        self.settings.PORTAL_KEYS = mine
        return mine

    def revoke_certificate(self) -> None:
        bound = open_key(KEYS, self.cast.market.credit_code).certificate_der
        entry = Revocation(read_certificate(bound).serial, START, "key_compromise")
        publish_revocations(
            self.own_keys(), "intermediate", authority(KEYS).intermediate,
            number=2, at=START, revoked=(entry,),
        )  # fmt: skip

    def readings(self) -> Iterator[VerificationResult]:
        """By the code on the screen, by the code on the face, by the words on the face."""
        frozen = self.version.frozen
        serial = self.licence.stem.rsplit(".", 1)[1]
        verifier, anybody = self.cast.actor("power.verifier"), public("test")
        yield redemption.read_code(
            actor=verifier, understood=codes.understand(self.code.secret, PORTAL)
        )
        for actor in (anybody, verifier):
            yield services.check_printed(actor=actor, serial=serial, code=self.version.check_code)
        yield services.check_typed(
            actor=anybody,
            number=frozen["number"],
            code=self.version.check_code,
            issued_on=date.fromisoformat(frozen["issued_on"]),
            holder=frozen["holders"][0]["name"],
        )


@pytest.fixture
def scene(cast: Cast, settings: Any, tmp_path: Path) -> Scene:
    return Scene(cast, settings, tmp_path)


def _damage(scene: Scene) -> None:
    data = bytearray(scene.file.read_bytes())
    data[len(data) // 2] ^= 1
    scene.file.write_bytes(bytes(data))


def _no_roots(scene: Scene) -> None:
    shutil.rmtree(scene.own_keys() / "trust" / "roots")


def _bad_root(scene: Scene) -> None:
    (scene.own_keys() / "trust" / "roots" / "zz.pem").write_text("-----BEGIN CERTIFICATE-----")


def _block(scene: Scene) -> None:
    endings.block(
        actor=scene.cast.actor("market.custodian"), seal=Seal.objects.get(), reason="印章丢失"
    )


def _silent(scene: Scene) -> None:
    Outbound.objects.update(state="SENT", posted_at=clock.now() - timedelta(hours=25))


LATER, EARLIER = date(2026, 12, 1), date(2026, 11, 17)
# The cause; the outcome and its published code; the question and the reason that are kept.
CAUSES: dict[str, tuple[Callable[[Scene], Any], Outcome, str, str, str]] = {
    "nothing": (lambda s: None, Outcome.VALID, "V00", "", ""),
    "detained": (
        lambda s: s.change(changes.detain), Outcome.DETAINED, "V24", "licence_in_force", "detained",
    ),
    "revoked": (
        lambda s: s.change(changes.revoke), Outcome.REVOKED, "V26", "licence_in_force", "revoked",
    ),
    "cancelled": (
        lambda s: s.change(changes.cancel), Outcome.CANCELLED, "V25", "licence_in_force", "cancelled",
    ),
    "annulled": (
        lambda s: s.change(changes.annul), Outcome.ANNULLED, "V27", "licence_in_force", "annulled",
    ),
    "expired": (
        lambda s: s.dates(valid_from=None, valid_until=EARLIER),
        Outcome.EXPIRED, "V23", "licence_in_force", "expired",
    ),
    "not yet": (
        lambda s: s.dates(valid_from=LATER, valid_until=None),
        Outcome.NOT_YET, "V22", "licence_in_force", "not_yet",
    ),
    "superseded": (
        lambda s: second_version(s.licence),
        Outcome.SUPERSEDED, "V28", "licence_in_force", "superseded",
    ),
    "objected": (
        lambda s: s.mark(MarkKind.OBJECTED, "取水地点"),
        Outcome.OBJECTED, "V31", "marks_permit_use", "objected",
    ),
    "lost": (lambda s: s.mark(MarkKind.LOST), Outcome.LOST, "V32", "marks_permit_use", "lost"),
    "file damaged": (_damage, Outcome.FILE_DAMAGED, "V20", "file_intact", "altered"),
    "certificate revoked": (
        Scene.revoke_certificate,
        Outcome.CERTIFICATE_REVOKED, "V29", "signature_right", "revocation_no",
    ),
    "seal blocked": (_block, Outcome.SEAL_BLOCKED, "V40", "seal_valid_now", "seal_blocked"),
    "file lost": (
        lambda s: s.file.unlink(), Outcome.NOT_REACHABLE, "V41", "file_intact", "unreadable",
    ),
    "no roots": (_no_roots, Outcome.NOT_REACHABLE, "V41", "signature_right", "chain_not_known"),
    "bad root": (_bad_root, Outcome.NOT_REACHABLE, "V41", "signature_right", "no_trust"),
    "city refused": (
        lambda s: Outbound.objects.update(state="REFUSED"),
        Outcome.NOT_REACHABLE, "V41", "city_has_version", "city_refused",
    ),
    "city silent": (_silent, Outcome.NOT_REACHABLE, "V41", "city_has_version", "city_silent"),
    "city gave up": (
        lambda s: Outbound.objects.update(state="GIVEN_UP"),
        Outcome.NOT_REACHABLE, "V41", "city_has_version", "city_silent",
    ),
    "city has another": (
        lambda s: Outbound.objects.update(file_digest="0" * 64),
        Outcome.NOT_REACHABLE, "V41", "city_has_version", "other_version",
    ),
}  # fmt: skip


@pytest.mark.article("M.19", "P.2.3.3", "M.18")
@pytest.mark.parametrize("name", CAUSES)
def test_outcome_when_its_cause_is_there_then_every_way_of_asking_says_so(
    scene: Scene, name: str
) -> None:
    cause, outcome, code, question, reason_code = CAUSES[name]
    cause(scene)
    assert outcome.code == code
    for got in scene.readings():
        assert got.outcome is outcome, name
        (read,) = got.licences
        kept = Verification.objects.get(pk=read.verification.pk)
        assert (kept.outcome, kept.verdict) == (outcome.key, outcome.verdict.value)
        assert kept.licence == scene.licence
        doubts = {
            (one["code"], one["reason_code"])
            for one in kept.answers
            if one["answer"] in {"no", "not_known"}
        }
        assert bool(doubts) == (outcome is not Outcome.VALID)
        if question:
            assert (question, reason_code) in doubts
        assert outcome_of(from_rows(kept.answers)) is outcome
        assert len(kept.answers) == 10


@pytest.mark.article("M.19")
@pytest.mark.parametrize("name", [one for one in CAUSES if one != "nothing"])
def test_outcome_when_looked_up_then_the_page_says_words_code_and_what_to_do(
    scene: Scene, name: str, client: Client
) -> None:
    cause, outcome, code, question, _ = CAUSES[name]
    cause(scene)
    html = client.get(address_of(scene.licence)).content.decode()
    assert f'<span class="zz-code">{code}</span>' in html
    assert outcome.verdict.word in html
    assert [step for step in outcome.steps if step not in html] == []
    words = {"failed": "现在不能用", "indeterminate": "现在不能确定"}
    assert f"<h1>{words[outcome.verdict.value]}</h1>" in html
    answers = Verification.objects.get().answers
    (said,) = [one["reason"] for one in answers if one["code"] == question]
    assert said and said in html


@pytest.mark.article("M.7")
def test_outcome_when_the_file_is_not_made_then_not_in_force_yet(cast: Cast) -> None:
    licence = Applications(cast).issued()
    key = LicenceVersion.objects.get(licence=licence).pk
    answers = answers_on(facts_of_version(key))
    assert outcome_of(answers) is Outcome.AWAITING_FILE
    assert [one.answer.value for one in answers[5:]] == ["not_asked"] * 5
    # a state of “in force” without a file is none either
    Licence.objects.filter(pk=licence.pk).update(state="IN_FORCE")
    again = answers_on(facts_of_version(key))
    assert (again[3].answer.value, again[3].reason_code) == ("no", "no_file")
    assert outcome_of(again) is Outcome.AWAITING_FILE


@pytest.mark.article("M.8")
def test_expiry_when_midnight_passes_then_at_once(
    scene: Scene, wednesday: time_machine.Traveller
) -> None:
    scene.dates(valid_from=None, valid_until=ISSUED)
    serial = scene.licence.stem.rsplit(".", 1)[1]
    for hours, outcome in ((0, Outcome.VALID), (13, Outcome.VALID), (15, Outcome.EXPIRED)):
        with time_machine.travel(clock.now() + timedelta(hours=hours), tick=False):
            got = services.check_printed(
                actor=public("t"), serial=serial, code=scene.version.check_code
            )
            assert got.outcome is outcome


@pytest.mark.article("M.8")
def test_release_when_detained_then_valid_again(scene: Scene) -> None:
    scene.change(changes.detain)
    scene.licence.refresh_from_db()
    scene.change(changes.release)
    assert [got.outcome for got in scene.readings()] == [Outcome.VALID] * 4


def test_revoked_between_presentation_and_reading_then_nothing_goes_out_as_valid(
    scene: Scene,
) -> None:
    scene.change(changes.revoke)
    got = next(scene.readings())
    assert got.outcome is Outcome.REVOKED
    assert got.licences[0].disclosure is not None
    assert got.licences[0].disclosure.summary.state == "REVOKED"


def test_file_when_changed_then_the_kept_proof_does_not_help(scene: Scene) -> None:
    assert next(scene.readings()).outcome is Outcome.VALID
    assert FileProof.objects.count() == 1
    _damage(scene)
    serial = scene.licence.stem.rsplit(".", 1)[1]
    got = services.check_printed(actor=public("t"), serial=serial, code=scene.version.check_code)
    assert got.outcome is Outcome.FILE_DAMAGED
