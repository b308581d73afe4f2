"""Verifying by code over the interface: for verifiers on duty, and the public part for anybody.

The answer is put together by hand from what the verb gives: no query and no serializer between
the verb and the bytes, because a window waits for it (M.19).
"""

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from seals.documents.questions import VERIFICATION_ORDER
from usage.models import Presentation
from usage.verifying.api.authentication import StaffSession
from usage.verifying.api.serializers import (
    LONGEST_TEXT,
    PublishedOut,
    ReasonOut,
    VerificationIn,
    VerificationOut,
    WaitingIn,
    WaitingOut,
)
from usage.verifying.outcomes import Outcome
from usage.verifying.rate_limits import CHECKS, CODES, TooOften, spend
from usage.verifying.redeeming import Read, Reading, fetch_agreed, worst
from usage.verifying.resolve import ask
from usage.verifying.visitors import visitor
from zezhou_portal.kernel.actors import Actor, ActorKind, Channel, public

_SAID = {outcome: {"code": outcome.code, "key": outcome.key, "words": outcome.sentence}
         for outcome in Outcome}  # fmt: skip
_PUBLISHED = {
    "outcomes": [
        {**_SAID[one], "verdict": one.verdict.value, "steps": list(one.steps)} for one in Outcome
    ],
    "questions": [{"code": one.value, "sentence": one.sentence} for one in VERIFICATION_ORDER],
}
# Made once: they hold nothing of what they judge or write.
_ASKED = VerificationIn()
_encoded = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class AskingView(APIView):
    """A question of the interface; counted for each asker."""

    authentication_classes = [StaffSession]
    permission_classes = []

    def actor(self, request: HttpRequest) -> Actor:
        """Who asks: a member of staff, else anybody; a holder's session makes no difference."""
        actor: Actor = request.actor  # type: ignore[attr-defined]
        if actor.kind is not ActorKind.OFFICIAL:
            return public(actor.request_id, channel=Channel.API)
        return replace(actor, channel=Channel.API)

    def spend(self, request: HttpRequest, actor: Actor) -> None:
        """Counts one look. Raises TooOften."""
        limit = CHECKS if actor.kind is ActorKind.OFFICIAL else CODES
        spend(limit, visitor(request, actor))


class VerificationsView(AskingView):
    """Verifies what was scanned or typed."""

    public = "because whoever is shown a licence may check it; staff see what their role may (M.19)"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Anybody's plain question is answered at once: a window waits for it.

        All else goes the framework's way, which tells what is wrong. Both answer alike.
        """
        text = _plain_text(request)
        if text is None:
            return super().dispatch(request, *args, **kwargs)
        return self._answer(request, text=text)

    @extend_schema(
        request=VerificationIn,
        responses={200: VerificationOut, 202: WaitingOut, 429: ReasonOut, 503: ReasonOut},
        summary="核验证照",
        operation_id="verifications_post",
    )
    def post(self, request: Request) -> HttpResponse:
        return self._answer(request._request, **_ASKED.run_validation(request.data))

    def _answer(self, request: HttpRequest, **asked: str) -> HttpResponse:
        actor = self.actor(request)
        try:
            self.spend(request, actor)
        except TooOften as refusal:
            return _told({"reason": refusal.reason}, status=refusal.status)
        return _answered(ask(actor=actor, **asked))


class WaitingView(AskingView):
    """Asks whether the holder's word has come."""

    public = "because the reader's secret proves who waits (P.2.3.3)"

    @extend_schema(
        request=WaitingIn,
        responses={200: VerificationOut, 202: WaitingOut, 404: ReasonOut, 429: ReasonOut},
        summary="等待持证人同意",
        operation_id="verifications_waiting_post",
    )
    def post(self, request: Request, key: UUID) -> Response | HttpResponse:
        """202 until the holder has answered; then 200, once."""
        shape = WaitingIn(data=request.data)
        shape.is_valid(raise_exception=True)
        actor = self.actor(request._request)
        try:
            self.spend(request._request, actor)
        except TooOften as refusal:
            return Response({"reason": refusal.reason}, status=refusal.status)
        row = Presentation.objects.filter(uuid=key, reader_account_id=actor.account_id).first()
        if row is None:
            return Response({"reason": "没有找到这一次核验。请重新扫码。"}, status=404)
        reading = fetch_agreed(actor=actor, presentation=row, **shape.validated_data)
        if not reading.is_waiting and not reading.read:
            return Response({"reason": "没有找到这一次核验。请重新扫码。"}, status=404)
        return _answered(reading)


class OutcomesView(APIView):
    """The published list of outcomes and questions."""

    public = "because the list is published (M.19)"
    authentication_classes = []
    permission_classes = []

    @extend_schema(responses={200: PublishedOut}, summary="核验结果代码表", operation_id="outcomes")
    def get(self, request: Request) -> Response:  # noqa: ARG002
        return Response(_PUBLISHED, headers={"Cache-Control": "public, max-age=3600"})


def _plain_text(request: HttpRequest) -> str | None:
    """The text, where anybody asks that alone, in JSON, and nothing is wrong with it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    is_plain = request.method == "POST" and request.content_type == "application/json"
    if not is_plain or actor.kind is ActorKind.OFFICIAL:
        return None
    try:
        asked = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(asked, dict) or asked.keys() != {"text"}:
        return None
    text = asked["text"]
    if not isinstance(text, str) or not text.isprintable():
        return None
    text = text.strip()
    return text if 0 < len(text) <= LONGEST_TEXT else None


def _answered(reading: Reading) -> HttpResponse:
    if reading.is_waiting and reading.presentation is not None:
        row = reading.presentation
        told = {
            "presentation": str(row.uuid),
            "reader_key": reading.reader_key,
            "until": row.ends_at.isoformat(),
        }
        return _told(told, status=202)
    gravest = worst([one.outcome for one in reading.read])
    first = next(one for one in reading.read if one.outcome is gravest)
    others = [_one(one) for one in reading.read if one is not first]
    body = {**_one(first), "others": others}
    return _told(body)


def _told(body: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """An answer as it goes out: nothing is left to choose or to render."""
    answer = HttpResponse(_encoded(body), status=status, content_type="application/json")
    answer["Cache-Control"] = "no-store"
    return answer


def _one(read: Read) -> dict[str, Any]:
    row, seen = read.verification, read.seen
    fields = None
    if seen is not None and seen.fields:
        fields = [{"key": one.key, "name": one.name, "text": one.text} for one in seen.fields]
    return {
        "number": row.number,
        "outcome": _SAID[read.outcome],
        "verdict": row.verdict,
        "answers": row.answers,
        "licence": seen.part.as_json() if seen is not None else None,
        "fields": fields,
    }
