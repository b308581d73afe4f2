"""The answers to the questions about one signature value, whatever its structure.

Expiry: a seal that has expired since it was used does not undo what it sealed. The question
whether it is valid now is therefore "not asked" once the seal has run out, if it was valid when
sealed, with the reason beside it; the vector sealed-all-protected.ofd, whose seal ended in 2022,
is indeterminate for its root and not failed for its age. Only a seal that was not valid when it
was used, and is not valid now, is a no.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from seals.crypto import der, sm2, sm3
from seals.crypto.certificates import SM2_WITH_SM3, SM3, BadCertificate, read_certificate
from seals.crypto.seal_structure import BadStructure, Seal, SealProperty, SealSignature, Structure
from seals.crypto.signed_data import SignedData
from seals.crypto.signing_times import SigningTime
from seals.crypto.sm2 import Verified
from seals.crypto.trust import Trust, TrustStore, judge
from seals.documents.questions import Answer, Answered, Question
from seals.documents.shown import shown

_OTHER_DIGEST = "签名值采用了本门户不支持的杂凑算法。"
_CLOCK_TOLERANCE = timedelta(minutes=10)
_OTHER_ALGORITHM = "采用了本门户不支持的签名算法。"
_LATER = "签章时间晚于现在，请核对签章设备的时钟。"
_OF_SEALS = (
    Question.SIGNER_IN_SEAL,
    Question.SEAL_SIGNED_BY_MAKER,
    Question.SEAL_VALID_WHEN_SEALED,
    Question.SEAL_VALID_NOW,
)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the answers are judged by: Signature.xml, its method, the trust held, the times."""

    signature_xml: bytes
    method: str
    stated: SigningTime
    trust: TrustStore
    now: datetime


def _yes_or_no(question: Question, *, is_yes: bool, code: str, reason: str) -> Answered:
    return Answered(question, Answer.YES) if is_yes else Answered(question, Answer.NO, code, reason)


def _not_known(question: Question, code: str, reason: str) -> Answered:
    return Answered(question, Answer.NOT_KNOWN, code, reason)


def seal_answers(signature: SealSignature, about: Circumstances) -> list[Answered]:
    """Answer everything that a signature made with a seal is asked, but the references."""
    seal = signature.seal
    signed = signature.signing_time.or_else(about.stated)
    return [
        _xml_unchanged(signature, about),
        _signature_right(signature, about),
        _signer_in_seal(signature.certificate, seal),
        _seal_signed(seal, signature.certificate),
        *_trusted(signature, signed, about),
        *_seal_validity(signature, signed, about.now),
    ]


def _xml_unchanged(signature: SealSignature, about: Circumstances) -> Answered:
    question = Question.SIGNATURE_XML_UNCHANGED
    if len(signature.data_hash) != sm3.SIZE:
        return _not_known(question, "other_digest", _OTHER_DIGEST)
    if signature.data_hash == hashlib.sha256(about.signature_xml).digest():
        return _not_known(question, "other_digest", _OTHER_DIGEST)
    return _yes_or_no(
        question,
        is_yes=signature.data_hash == sm3.digest(about.signature_xml),
        code="changed",
        reason="签名描述文件在签章后被改动。",
    )


def _signature_right(signature: SealSignature, about: Circumstances) -> Answered:
    question = Question.SIGNATURE_RIGHT
    if signature.algorithm != SM2_WITH_SM3 or about.method not in ("", SM2_WITH_SM3):
        return _not_known(question, "other_algorithm", f"签章{_OTHER_ALGORITHM}")
    if _has_critical(signature.extensions):
        return _not_known(question, "critical_extension", "签名含有本门户不认识的关键扩展。")
    return _by_key(
        question,
        signature.certificate,
        signature.signature,
        signature.signed_bytes(),
        "签名值与内容不符。",
    )


def _by_key(
    question: Question, certificate: bytes, signature: bytes, message: bytes, reason: str
) -> Answered:
    try:
        found = sm2.judge(read_certificate(certificate).spki, signature, message)
    except (BadCertificate, ValueError):
        return _not_known(question, "bad_certificate", "证书无法读取或不是SM2证书，无法核对签名。")
    return _of_verified(question, found, reason)


def _of_verified(question: Question, found: Verified, reason: str) -> Answered:
    """Answer by what was found of a signature: only numbers that do not fit are a no."""
    if found is Verified.UNREADABLE:
        return _not_known(question, "unreadable_value", "签名值的写法无法识别，无法核对。")
    if found is Verified.OTHER_ID:
        sentence = "签名未按国家标准使用默认的签名者标识（所用标识为空），不能据此确认。"
        return _not_known(question, "other_signer_id", sentence)
    return _yes_or_no(question, is_yes=found is Verified.RIGHT, code="wrong", reason=reason)


def _has_critical(extensions: bytes) -> bool:
    """Tell whether extensions hold one marked critical or cannot be read; we know none."""
    if not extensions:
        return False
    try:
        held = next(der.elements(extensions))
        inner = list(der.elements(held.content))
        if held.tag == der.TAG_0 and len(inner) == 1:
            fields = list(der.elements(inner[0].content))
            if fields and fields[0].tag == der.SEQUENCE:
                inner = fields
        for one in inner:
            fields = list(der.elements(one.content))
            if fields[0].tag != der.OBJECT_ID:
                return True
            if fields[1].tag == der.BOOLEAN and fields[1].content != b"\0":
                return True
    except (BadStructure, IndexError):
        return True
    return False


def _signer_in_seal(certificate: bytes, seal: Seal) -> Answered:
    question = Question.SIGNER_IN_SEAL
    described = seal.property
    known = [one for one in described.digests if one.algorithm.upper() in ("SM3", SM3)]
    if certificate in described.certificates or any(
        one.value == sm3.digest(certificate) for one in known
    ):
        return Answered(question, Answer.YES)
    if len(known) != len(described.digests):
        return _not_known(question, "other_digest", "印章以本门户不支持的杂凑算法列出签章人。")
    if not described.is_list_read:
        return _not_known(question, "other_list", "印章的签章人名单采用了本门户不认识的形式。")
    return Answered(question, Answer.NO, "not_listed", "签章人的证书不在印章的签章人名单内。")


def _seal_signed(seal: Seal, signer: bytes) -> Answered:
    question = Question.SEAL_SIGNED_BY_MAKER
    if seal.algorithm != SM2_WITH_SM3:
        return _not_known(question, "other_algorithm", f"印章{_OTHER_ALGORITHM}")
    if _has_critical(seal.extensions):
        return _not_known(question, "critical_extension", "印章含有本门户不认识的关键扩展。")
    if seal.time_stamp:
        return _not_known(question, "time_stamp", "印章带有本门户尚不能核对的时间戳。")
    answered = _by_key(
        question,
        seal.maker_certificate,
        seal.signature,
        seal.signed_bytes(),
        "印章数据与制章单位的签名不符。",
    )
    users = (signer, *seal.property.certificates)
    if answered.answer is Answer.YES and _has_key_of(seal.maker_certificate, users):
        sentence = "印章是用章人自己签制的，不能说明由制章单位制作，印章上的名称不能采信。"
        return _not_known(question, "made_by_its_user", sentence)
    return answered


def _has_key_of(maker: bytes, users: Sequence[bytes]) -> bool:
    """Tell whether the maker's key is that of one of the seal's users."""
    made = read_certificate(maker).spki
    for user in users:
        try:
            if read_certificate(user).spki == made:
                return True
        except BadCertificate:
            continue
    return False


def _trusted(signature: SealSignature, signed: SigningTime, about: Circumstances) -> list[Answered]:
    signed_at = signed.moment
    if signed_at is None:
        return _both_not_known("no_time", _no_time(signed))
    seal = signature.seal
    # GM/T 0031-2025 judges the maker when the seal was made, the older editions when it was used.
    made_at = seal.property.created.moment if seal.structure is Structure.V5 else signed_at
    signer = judge(signature.certificate, trust=about.trust, moment=signed_at, now=about.now)
    maker = judge(seal.maker_certificate, trust=about.trust, moment=made_at, now=about.now)
    return _worse(("签章人", signer), ("制章单位", maker))


def _no_time(signed: SigningTime) -> str:
    if not signed.text:
        return "没有可读取的签章时间。"
    text = shown(signed.text)
    return f"签章时间“{text}”写得不完整或不合规范，无法确认是哪一刻。"


def _both_not_known(code: str, reason: str) -> list[Answered]:
    return [
        _not_known(Question.CHAINS_TRUSTED, code, reason),
        _not_known(Question.NOT_REVOKED, code, reason),
    ]


_BADNESS = (Answer.NO, Answer.NOT_KNOWN, Answer.YES)


def _worse(*judged: tuple[str, Trust]) -> list[Answered]:
    """Answer for several certificates with the worst that was found, naming whose it is."""
    who, worst = min(judged, key=lambda one: _BADNESS.index(one[1].chain))
    chain = _answered(Question.CHAINS_TRUSTED, who, worst.chain, worst.chain_reason, "chain")
    who, worst = min(judged, key=lambda one: _BADNESS.index(one[1].revocation))
    revoked = _answered(
        Question.NOT_REVOKED, who, worst.revocation, worst.revocation_reason, "revocation"
    )
    return [chain, revoked]


def _answered(question: Question, who: str, answer: Answer, reason: str, code: str) -> Answered:
    if answer is Answer.YES:
        return Answered(question, answer)
    return Answered(question, answer, f"{code}_{answer.value}", f"{who}:{reason}")


def _seal_validity(signature: SealSignature, signed: SigningTime, now: datetime) -> list[Answered]:
    today = Question.SEAL_VALID_NOW
    described = signature.seal.property
    when_sealed = _valid_when_sealed(signature, signed, now)
    if described.is_valid_at(now) is not False:
        return [when_sealed, _zone_matters(today, now, described) or Answered(today, Answer.YES)]
    reason = f"印章现已不在有效期内（{_validity(described)}）"
    if when_sealed.answer is Answer.NO:
        return [when_sealed, Answered(today, Answer.NO, "outside_validity", f"{reason}。")]
    if when_sealed.answer is not Answer.YES:
        sentence = f"{reason}；签章时是否有效未能确认。"
        return [when_sealed, Answered(today, Answer.NOT_ASKED, "expired_since", sentence)]
    sentence = f"{reason}；按签章时间判断，不影响签章时有效的文件。"
    return [when_sealed, Answered(today, Answer.NOT_ASKED, "expired_since", sentence)]


def _valid_when_sealed(signature: SealSignature, signed: SigningTime, now: datetime) -> Answered:
    question, described = Question.SEAL_VALID_WHEN_SEALED, signature.seal.property
    moment = signed.moment
    if moment is None:
        return _not_known(question, "no_time", _no_time(signed))
    if described.is_valid_at(moment) is False:
        sentence = f"签章时印章不在有效期内（{_validity(described)}）。"
        return Answered(question, Answer.NO, "outside_validity", sentence)
    if moment > now + _CLOCK_TOLERANCE:
        return _not_known(question, "later_than_now", _LATER)
    if signature.time_stamp:
        return _not_known(question, "time_stamp", "签名带有本门户尚不能核对的时间戳。")
    return _zone_matters(question, moment, described) or Answered(question, Answer.YES)


def _zone_matters(question: Question, moment: datetime, described: SealProperty) -> Answered | None:
    """Answer where it hangs on the zone that the seal leaves out; nothing where it does not."""
    if described.is_valid_at(moment) is not None:
        return None
    sentence = f"印章的有效期没有写明时区（{_validity(described)}），就差这几小时无法确认。"
    return _not_known(question, "no_zone", sentence)


def _validity(described: SealProperty) -> str:
    return f"有效期{_day(described.valid_from)}至{_day(described.valid_until)}"


def _day(moment: datetime) -> str:
    return (moment + timedelta(hours=8)).strftime("%Y-%m-%d")


def signed_data_answers(
    value: SignedData, about: Circumstances, *, is_seal: bool
) -> list[Answered]:
    """Answer what a signature without seal (GB/T 35275) is asked, but the references."""
    signed = value.signing_time.or_else(about.stated)
    return [
        _covers(value, about),
        _signed_data_right(value, about),
        *_signed_data_trusted(value, signed, about),
        *without_seal(is_seal=is_seal),
    ]


_NO_CERTIFICATE = "签名没有随附签名人的证书，无法确认是谁签的。"


def _covers(value: SignedData, about: Circumstances) -> Answered:
    question = Question.SIGNATURE_XML_UNCHANGED
    if value.certificate is None:
        return _not_known(question, "no_certificate", _NO_CERTIFICATE)
    is_covered = value.covers(about.signature_xml)
    if is_covered is None:
        return _not_known(question, "unreadable_value", "签名值的算法或写法无法识别，无法核对。")
    reason = "签名值保护的不是这份签名描述文件。"
    return _yes_or_no(question, is_yes=is_covered, code="changed", reason=reason)


def _signed_data_right(value: SignedData, about: Circumstances) -> Answered:
    question = Question.SIGNATURE_RIGHT
    if not value.is_understood or about.method not in ("", SM2_WITH_SM3):
        return _not_known(question, "other_algorithm", f"签名{_OTHER_ALGORITHM}")
    try:
        found = value.judge_over(about.signature_xml)
    except ValueError:
        return _not_known(question, "no_certificate", _NO_CERTIFICATE)
    return _of_verified(question, found, "签名值与内容不符。")


def _signed_data_trusted(
    value: SignedData, signed: SigningTime, about: Circumstances
) -> list[Answered]:
    signed_at = signed.moment
    if value.certificate is None:
        return _both_not_known("no_certificate", _NO_CERTIFICATE)
    if signed_at is None:
        return _both_not_known("no_time", _no_time(signed))
    if signed_at > about.now + _CLOCK_TOLERANCE:
        return _both_not_known("later_than_now", _LATER)
    judged = judge(
        value.certificate,
        trust=about.trust,
        moment=signed_at,
        now=about.now,
        others=value.others,
    )
    return _worse(("签名人", judged))


def without_seal(*, is_seal: bool) -> list[Answered]:
    """Answer the questions about the seal where there is none.

    An entry that calls itself a seal must have one: then it is not known, else not asked.
    """
    if is_seal:
        return [_not_known(one, "no_seal", "签名值中没有可读取的印章。") for one in _OF_SEALS]
    reason = "这是不带印章的数字签名。"
    return [Answered(one, Answer.NOT_ASKED, "no_seal", reason) for one in _OF_SEALS]


def bare_answers(*, is_seal: bool, code: str, reason: str) -> list[Answered]:
    """Answer for a signature value whose signer, or whose very structure, is not known."""
    asked: Sequence[Question] = (
        Question.SIGNATURE_XML_UNCHANGED,
        Question.SIGNATURE_RIGHT,
        Question.CHAINS_TRUSTED,
        Question.NOT_REVOKED,
    )
    return [*(_not_known(one, code, reason) for one in asked), *without_seal(is_seal=is_seal)]
