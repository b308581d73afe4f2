"""Verdicts: the vectors' stated answers, our own files, tampering, and what must not pass."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sample_county.issuing import CertificateUse, Revocation
from seals.crypto.certificates import read_certificate
from seals.crypto.trust import TrustStore
from seals.documents.metadata import read_custom_data
from seals.documents.ofd import CannotSeal, Stamp
from seals.documents.package import Package, read_package
from seals.documents.questions import (
    Answer,
    Answered,
    Asked,
    Question,
    Verdict,
    bottom_line,
    in_order,
)
from seals.documents.verification import verify_ofd, verify_package
from tests.seals.conftest import END, NOW, SIGNED_AT, STAMP, START, answers, certified, make_seal

FOLDER = Path(__file__).parents[1] / "vectors" / "ofd"
STATED = json.loads((FOLDER / "answers.json").read_text())
OWN = "Doc_0/Signs/Sign_0/"
ALL_YES = {question.value: "yes" for question in Question if question.asked is Asked.OF_SIGNATURE}


def verified(county, package: Package, *, trust=None, now=NOW):
    return verify_package(package, trust=trust or county.trust, now=now)


@pytest.mark.parametrize("file", [name for name in STATED if name.endswith(".ofd")])
def test_vector_gives_its_stated_verdict_and_answers(county, file):
    stated = STATED[file]
    found = verify_ofd((FOLDER / file).read_bytes(), trust=county.trust, now=NOW)
    assert found.verdict.value == stated["verdict"]
    assert len(found.signatures) == stated["signatures"]
    given_answers = answers(found)
    assert {code: given_answers[code] for code in stated["answers"]} == stated["answers"]


def test_vectors_are_recognised_for_what_they_are(county):
    kinds = {}
    for file in ("sealed-v4.ofd", "digitally-signed.ofd"):
        (one,) = verify_ofd((FOLDER / file).read_bytes(), trust=county.trust, now=NOW).signatures
        kinds[file] = (one.kind.value, one.structure.value, one.seal and one.seal.name, one.path)
    path = "/Doc_0/Signs/Sign_0/Signature.xml"
    assert kinds == {
        "sealed-v4.ofd": ("seal", "V4", "OFD R&W 测试用印章", path),
        "digitally-signed.ofd": ("sign", "bare", None, path),
    }


def test_seal_that_expired_since_is_not_asked_and_says_why(county):
    found = verify_ofd(
        (FOLDER / "sealed-all-protected.ofd").read_bytes(), trust=county.trust, now=NOW
    )
    (one,) = (a for a in found.signatures[0].answers if a.question is Question.SEAL_VALID_NOW)
    assert one.answer is Answer.NOT_ASKED
    assert one.reason == (
        "印章现已不在有效期内（有效期2020-04-22至2022-04-22）；按签章时间判断，不影响签章时有效的文件。"
    )


def test_our_sealed_file_passes_with_every_answer_yes(county, package):
    found = verify_ofd(county.sealed(package).to_zip(), trust=county.trust, now=NOW)
    assert answers(found) == ALL_YES
    assert found.verdict is Verdict.PASSED
    (one,) = found.signatures
    assert (one.kind.value, one.structure.value, one.signer) == ("seal", "V4", "泽州县样例局")
    assert (one.signed_at, one.changed, one.missing, one.unprotected) == (SIGNED_AT, (), (), ())
    assert (one.seal.name, one.seal.version) == ("泽州县样例局", 4)
    assert (one.seal.valid_from, one.seal.valid_until) == (START, END)
    assert found.custom_data == {"ZZBS": "1.2.156.3005.2.X", "ZZMC": "食品经营许可证"}


def test_finding_is_printed_as_the_command_promises(county, package):
    printed = json.loads(json.dumps(verified(county, county.sealed(package)).as_json()))
    assert printed["verdict"] == "passed"
    (one,) = printed["signatures"]
    assert one["path"] == "/Doc_0/Signs/Sign_0/Signature.xml"
    assert one["signed_at"] == "2026-11-18T02:00:00+00:00"
    assert one["answers"][0] == {"code": "references_match", "answer": "yes", "reason": ""}
    assert [a["code"] for a in one["answers"]] == list(ALL_YES)


def test_sealing_twice_gives_two_signatures_that_both_pass(county, package):
    twice = county.sealed(county.sealed(package), sign_no=1, stamps=[Stamp("1", 10, 10, 42, 42)])
    found = verify_ofd(twice.to_zip(), trust=county.trust, now=NOW)
    assert found.verdict is Verdict.PASSED
    assert [one.path for one in found.signatures] == [
        "/Doc_0/Signs/Sign_0/Signature.xml",
        "/Doc_0/Signs/Sign_1/Signature.xml",
    ]


def test_second_of_two_signatures_damaged_fails_the_file(county, package):
    twice = county.sealed(county.sealed(package), sign_no=1)
    path = "Doc_0/Signs/Sign_1/Signature.xml"
    broken = twice.with_members({path: twice[path].replace(b"10:00:00", b"10:00:01")})
    found = verified(county, broken)
    assert found.verdict is Verdict.FAILED
    assert [a.answer for a in found.signatures[0].answers] == [Answer.YES] * 9


@pytest.fixture(scope="module")
def sealed_once(county, package) -> Package:
    return county.sealed(package)


def with_one_byte_changed(data, package: Package, open_members: tuple[str, ...]) -> Package:
    """Give the package with one byte changed in a member that hypothesis picks."""
    path = data.draw(st.sampled_from([one for one in package if one not in open_members]))
    # Lengths differ from run to run with the signatures, so the place is drawn without them.
    at = data.draw(st.integers(0, 1 << 20)) % len(package[path])
    changed = bytearray(package[path])
    changed[at] ^= data.draw(st.integers(1, 255))
    return package.with_members({path: bytes(changed)})


def yes_lost(before, after) -> list[str]:
    """Give the questions that were a yes and are not any more; all when no signature is left."""
    now = answers(after) if after.signatures else {}
    return [code for code, one in answers(before).items() if one == "yes" and now.get(code) != one]


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_byte_changed_turns_a_yes_into_something_else(data, county, sealed_once):
    listing = ("Doc_0/Signs/Signatures.xml",)
    found = verified(county, with_one_byte_changed(data, sealed_once, listing))
    assert yes_lost(verified(county, sealed_once), found)
    assert found.verdict is not Verdict.PASSED


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_any_byte_changed_in_the_vector_turns_a_yes_into_something_else(data, county):
    package = read_package((FOLDER / "sealed-all-protected.ofd").read_bytes())
    found = verified(county, with_one_byte_changed(data, package, ()))
    assert yes_lost(verified(county, package), found)


def test_entry_called_a_signature_is_still_judged_as_the_seal_it_is(county, sealed_once):
    path = "Doc_0/Signs/Signatures.xml"
    renamed = sealed_once[path].replace(b'Type="Seal"', b'Type="Sign"')
    found = verified(county, sealed_once.with_members({path: renamed}))
    assert found.signatures[0].kind.value == "sign"
    assert answers(found) == ALL_YES


def test_changed_and_missing_members_are_named(county, package):
    sealed = county.sealed(package)
    page = "Doc_0/Pages/Page_0/Content.xml"
    (one,) = verified(county, sealed.with_members({page: b"<other/>"})).signatures
    assert (one.changed, one.missing) == ((f"/{page}",), ())
    assert one.answers[0].reason == f"以下内容与签章时不一致：/{page}。"
    without = Package({name: data for name, data in sealed.members.items() if name != page})
    (one,) = verified(county, without).signatures
    assert (one.changed, one.missing) == ((), (f"/{page}",))
    assert one.answers[0].answer is Answer.NO


def test_member_that_no_signature_protects_does_not_pass(county, package):
    added = county.sealed(package).with_members({"Doc_0/Pages/Page_1/Content.xml": b"<p/>"})
    found = verified(county, added)
    assert found.verdict is Verdict.INDETERMINATE
    assert found.signatures[0].unprotected == ("/Doc_0/Pages/Page_1/Content.xml",)
    assert answers(found)["references_match"] == "not_known"


def test_seal_file_that_is_not_the_seal_used_is_a_no(county, package):
    other = make_seal(county.maker, county.signer, name="另一枚印章")
    sealed = county.sealed(package)
    found = verified(county, sealed.with_members({f"{OWN}Seal.esl": other}))
    assert answers(found)["references_match"] == "no"
    assert found.signatures[0].changed == (f"/{OWN}Seal.esl",)


def test_parts_of_the_signature_that_are_missing_are_a_no(county, package):
    sealed = county.sealed(package)
    for lost, code in (
        ("Signature.xml", "signature_xml_unchanged"),
        ("SignedValue.dat", "signature_right"),
    ):
        rest = {path: data for path, data in sealed.members.items() if path != OWN + lost}
        found = verified(county, Package(rest))
        assert answers(found)[code] == "no"
        assert found.verdict is Verdict.FAILED
        assert found.signatures[0].missing == (f"/{OWN}{lost}",)


def test_roots_intermediates_and_lists_decide_what_is_known(county, package):
    sealed = county.sealed(package)
    for trust, chains, revoked in (
        (county.trust_with(roots=()), "not_known", "not_known"),
        (county.trust_with(crls=()), "yes", "not_known"),
        (county.trust_with(crls=county.crls(Revocation(4, START))), "yes", "no"),
        (county.trust_with(crls=county.crls(Revocation(3, START))), "yes", "no"),
        (TrustStore(), "not_known", "not_known"),
    ):
        given_answers = answers(verified(county, sealed, trust=trust))
        assert (given_answers["chains_trusted"], given_answers["not_revoked"]) == (chains, revoked)


def test_seal_is_judged_by_the_time_of_sealing(county, package):
    sealed = county.sealed(package)
    crls = ()
    after = verified(
        county, sealed, now=END + timedelta(days=1), trust=county.trust_with(crls=crls)
    )
    assert answers(after)["seal_valid_when_sealed"] == "yes"
    assert answers(after)["seal_valid_now"] == "not_asked"
    before = verified(county, sealed, now=SIGNED_AT - timedelta(hours=1))
    assert answers(before)["seal_valid_when_sealed"] == "not_known"


def test_file_without_signature_fails_with_its_reason(county, package):
    found = verified(county, package)
    assert (found.verdict, found.problem_code) == (Verdict.FAILED, "no_signature")


def test_file_that_cannot_be_read_is_not_known_with_its_reason(county, package):
    found = verify_ofd(b"%PDF", trust=county.trust, now=NOW)
    assert (found.verdict, found.problem_code) == (Verdict.INDETERMINATE, "not_a_package")
    for members in ({}, {"OFD.xml": b"<open>"}, {"OFD.xml": b""}, {"other": b""}):
        found = verified(county, Package(members))
        assert (found.verdict, found.problem_code) == (Verdict.INDETERMINATE, "unreadable")
        assert found.problem.endswith("。")
    # Not even where the register knows the very file, nor does it hide what was read and is wrong.
    known = [Answered(Question.LICENCE_KNOWN, Answer.YES)]
    assert found.with_answers(known).verdict is Verdict.INDETERMINATE
    wrong = [*known, Answered(Question.SAME_AS_REGISTER, Answer.NO)]
    assert found.with_answers(wrong).verdict is Verdict.FAILED


BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c SYSTEM "file:///etc/passwd">]><x>&b;&c;</x>'
)


@pytest.mark.parametrize("bad", [BOMB, BOMB.decode().encode("utf-16"), b"<a>" * 5000, b"\0" * 99])
def test_hostile_xml_is_not_read(county, package, bad):
    sealed = county.sealed(package)
    for path in ("OFD.xml", "Doc_0/Signs/Signatures.xml"):
        found = verified(county, sealed.with_members({path: bad}))
        assert (found.verdict, found.problem_code) == (Verdict.INDETERMINATE, "unreadable")
    found = verified(county, sealed.with_members({f"{OWN}Signature.xml": bad}))
    assert answers(found)["signature_xml_unchanged"] == "no"
    assert answers(found)["references_match"] == "not_known"


def test_thousands_of_signatures_are_refused(county, package):
    sealed = county.sealed(package)
    listing = sealed["Doc_0/Signs/Signatures.xml"]
    entry = listing[listing.index(b"<ofd:Signature ID") : listing.index(b"</ofd:Signatures>")]
    many = listing.replace(entry, entry * 1000)
    found = verified(county, sealed.with_members({"Doc_0/Signs/Signatures.xml": many}))
    assert (found.verdict, found.problem_code) == (Verdict.INDETERMINATE, "too_many_signatures")


def refusal(county, package, **changes) -> str:
    with pytest.raises(CannotSeal) as caught:
        county.sealed(package, **changes)
    assert caught.value.sentence.endswith("。")
    return caught.value.code


def test_nothing_is_sealed_with_a_seal_or_certificate_that_does_not_fit(county, package):
    stranger = certified("他人", CertificateUse.SIGNER, county.intermediate, 20)
    short = certified("短期", CertificateUse.SIGNER, county.intermediate, 21, end=SIGNED_AT)
    early = make_seal(county.maker, county.signer, end=SIGNED_AT - timedelta(seconds=1))
    wrong = make_seal(county.maker, county.intermediate)
    late = SIGNED_AT + timedelta(seconds=1)
    assert refusal(county, package, signer=stranger) == "signer_not_in_seal"
    assert refusal(county, package, seal_der=early) == "seal_not_valid"
    assert refusal(county, package, seal_der=b"garbage") == "bad_seal"
    assert refusal(county, package, stamps=[]) == "no_stamp"
    assert refusal(county, package, signer=county.intermediate, seal_der=wrong) == "wrong_usage"
    own = make_seal(county.maker, short)
    assert refusal(county, package, signer=short, seal_der=own, signed_at=late) == (
        "certificate_not_valid"
    )
    with pytest.raises(ValueError, match="zone"):
        county.sealed(package, signed_at=SIGNED_AT.replace(tzinfo=None))


def test_package_that_is_no_document_or_numbered_wrongly_is_not_sealed(county, package):
    assert refusal(county, Package({"a": b""})) == "no_document"
    assert refusal(county, package.with_members({"OFD.xml": b"<x/>"})) == "no_document"
    sealed = county.sealed(package)
    assert refusal(county, sealed) == "already_signed"
    assert refusal(county, sealed, sign_no=2) == "wrong_sign_no"
    assert refusal(county, package, sign_no=1) == "no_earlier_signature"
    listing = {"Doc_0/Signs/Signatures.xml": b"<open>"}
    assert refusal(county, sealed.with_members(listing), sign_no=1) == "bad_listing"
    moved = sealed["OFD.xml"].replace(b"/Signs/Signatures.xml", b"/Elsewhere.xml")
    assert refusal(county, sealed.with_members({"OFD.xml": moved}), sign_no=1) == "other_listing"


def test_stamp_stands_where_it_was_put(county, package):
    sealed = county.sealed(package, stamps=[STAMP, Stamp("7", 1.5, 2.25, 20, 20)])
    xml = sealed[f"{OWN}Signature.xml"].decode()
    assert 'PageRef="1" Boundary="120 200 42 42"' in xml
    assert 'PageRef="7" Boundary="1.5 2.25 20 20"' in xml
    assert "2026-11-18 10:00:00" in xml


def test_sealing_keeps_the_members_and_lists_the_signature_once(county, package):
    sealed = county.sealed(package)
    assert list(sealed)[:4] == list(package)
    assert sealed["OFD.xml"].count(b"/Doc_0/Signs/Signatures.xml") == 1


def test_verdict_follows_from_the_answers():
    def line(*given_answers, has_signature=True):
        asked = zip(Question, given_answers, strict=False)
        return bottom_line([Answered(*one) for one in asked], has_signature=has_signature)

    yes, no, not_known, not_asked = Answer
    assert line(yes, yes) is Verdict.PASSED
    assert line(yes, not_asked) is Verdict.PASSED
    assert line(yes, not_known, not_asked) is Verdict.INDETERMINATE
    assert line(yes, not_known, no) is Verdict.FAILED
    assert line(not_asked) is Verdict.INDETERMINATE
    assert line() is Verdict.INDETERMINATE
    assert line(yes, has_signature=False) is Verdict.FAILED


def test_questions_have_words_and_one_order(county, package):
    assert [question.value for question in Question] == [
        "references_match",
        "signature_xml_unchanged",
        "signature_right",
        "signer_in_seal",
        "seal_signed_by_maker",
        "chains_trusted",
        "not_revoked",
        "seal_valid_when_sealed",
        "seal_valid_now",
        "licence_known",
        "same_as_register",
        "licence_in_force",
        "marks_permit_use",
        # of a presentation or a paper, not of a file (usage.verifying.answers)
        "presented_by_holder",
        "code_fresh",
        "scenario_listed",
        "file_intact",
        "city_has_version",
    ]
    assert all(question.sentence.endswith("？") for question in Question)
    assert [answer.word for answer in Answer] == ["是", "否", "无法确认", "未检查"]
    assert [verdict.word for verdict in Verdict] == ["通过", "未通过", "无法确定"]
    backwards = [Answered(question, Answer.YES) for question in reversed(Question)]
    assert [one.question for one in in_order(backwards)] == list(Question)
    found = verified(county, county.sealed(package))
    worse = found.with_answers([Answered(Question.LICENCE_IN_FORCE, Answer.NO)])
    assert (found.verdict, worse.verdict) == (Verdict.PASSED, Verdict.FAILED)


def test_custom_data_of_a_file_without_any_is_empty():
    assert read_custom_data(Package({})) == {}
    assert read_custom_data(Package({"OFD.xml": b"<OFD/>"})) == {}


def test_own_certificates_serial_is_the_one_revoked_above(county):
    assert read_certificate(county.signer.certificate_der).serial == 4
    assert read_certificate(county.maker.certificate_der).serial == 3
