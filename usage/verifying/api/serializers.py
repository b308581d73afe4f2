"""Shapes of verifications as the interface takes and gives them."""

from typing import Any

from rest_framework import serializers

from seals.documents.questions import VERIFICATION_ORDER, Answer, Verdict
from usage.verifying.outcomes import Outcome

# Characters of what may be asked.
LONGEST_TEXT = 400
VERDICTS = [(one.value, one.word) for one in Verdict]
_ANSWERS = [(one.value, one.value) for one in Answer]


class VerificationIn(serializers.Serializer[Any]):
    """What was scanned or typed: an address, a secret, a short number, a copy's code."""

    text = serializers.CharField(max_length=LONGEST_TEXT)
    purpose = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)


class WaitingIn(serializers.Serializer[Any]):
    """The secret that the reader was given who waits for the holder's word."""

    reader_key = serializers.CharField(max_length=64)
    purpose = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)


class OutcomeOut(serializers.Serializer[Any]):
    """What came of it: the published code and key, and the sentence."""

    code = serializers.CharField()
    key = serializers.ChoiceField(choices=[(one.key, one.sentence) for one in Outcome])
    words = serializers.CharField()


class AnswerOut(serializers.Serializer[Any]):
    """One of the ten answers."""

    code = serializers.ChoiceField(
        choices=[(one.value, one.sentence) for one in VERIFICATION_ORDER]
    )
    answer = serializers.ChoiceField(choices=_ANSWERS)
    reason_code = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)


class LicencePartOut(serializers.Serializer[Any]):
    """What the asker may see of a licence; names of persons masked for anybody."""

    identifier = serializers.CharField()
    kind = serializers.CharField()
    number = serializers.CharField()
    holder = serializers.CharField()
    issuer = serializers.CharField()
    issued_on = serializers.DateField()
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True)
    version = serializers.IntegerField()
    present_version = serializers.IntegerField()
    state = serializers.CharField()
    state_words = serializers.CharField()
    marks = serializers.ListField(child=serializers.CharField())


class FieldOut(serializers.Serializer[Any]):
    """One item that the holder chose to show; for verifiers on duty."""

    key = serializers.CharField()
    name = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    picture = serializers.CharField(allow_blank=True)


class OneOut(serializers.Serializer[Any]):
    """One licence's verification."""

    number = serializers.CharField()
    outcome = OutcomeOut()
    verdict = serializers.ChoiceField(choices=VERDICTS)
    answers = AnswerOut(many=True)
    licence = LicencePartOut(allow_null=True)
    fields = FieldOut(many=True, allow_null=True)  # type: ignore[assignment]


class VerificationOut(OneOut):
    """The gravest verification, and those of the other licences that were shown with it."""

    others = OneOut(many=True)


class WaitingOut(serializers.Serializer[Any]):
    """The holder is being asked: ask again with the secret, until then."""

    presentation = serializers.UUIDField()
    reader_key = serializers.CharField()
    until = serializers.DateTimeField()


class PublishedOutcomeOut(OutcomeOut):
    """One outcome of the published list, and what to do next."""

    verdict = serializers.ChoiceField(choices=VERDICTS)
    steps = serializers.ListField(child=serializers.CharField())


class PublishedQuestionOut(serializers.Serializer[Any]):
    """One of the ten questions; each is worded so that yes is good."""

    code = serializers.CharField()
    sentence = serializers.CharField()


class PublishedOut(serializers.Serializer[Any]):
    """The published list: a code never changes its meaning."""

    outcomes = PublishedOutcomeOut(many=True)
    questions = PublishedQuestionOut(many=True)
