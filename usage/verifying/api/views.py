"""Verifying by code over the interface: for verifiers on duty, and the public part for anybody."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from seals.documents.questions import VERIFICATION_ORDER
from usage.verifying.api.authentication import StaffSession
from usage.verifying.api.serializers import (
    PublishedOut,
    VerificationIn,
    VerificationOut,
    WaitingIn,
    WaitingOut,
)
from usage.verifying.counted import verify_counted
from usage.verifying.outcomes import Outcome
from usage.verifying.presenter import licence_json, outcome_json
from usage.verifying.rate_limits import CHECKS, CODES, Limit, TooOften, spend
from usage.verifying.redemption import fetch_agreed
from usage.verifying.results import VerificationResult, worst
from usage.verifying.selectors import presentation_of
from usage.verifying.visitors import visitor
from zezhou_portal.kernel.actors import Actor, ActorKind, Channel, public
from zezhou_portal.pagekit.problem_details import PROBLEM_OUT, problem

_PUBLISHED = {
    "outcomes": [
        {**outcome_json(one), "verdict": one.verdict.value, "steps": list(one.steps)}
        for one in Outcome
    ],
    "questions": [{"code": one.value, "sentence": one.sentence} for one in VERIFICATION_ORDER],
}
_GONE = "没有找到这一次核验。请重新扫码。"


class AskingView(APIView):
    """A question of the interface; counted for each asker."""

    authentication_classes = [StaffSession]
    permission_classes = []

    def asker(self, request: Request) -> Actor:
        """Who asks: a member of staff, else anybody; a holder's session makes no difference."""
        plain: Any = request._request
        actor: Actor = plain.actor
        if actor.kind is ActorKind.OFFICIAL:
            return replace(actor, channel=Channel.API)
        return public(actor.request_id, channel=Channel.API)

    def counting(self, request: Request, actor: Actor) -> tuple[Limit, str]:
        """By which limit, and under which name, the asker's looks are counted."""
        limit = CHECKS if actor.kind is ActorKind.OFFICIAL else CODES
        return limit, visitor(request._request, actor)

    def handle_exception(self, exc: Exception) -> Any:
        """Answers 429 or 503 where one asked too often: the sentence, and when to come again."""
        if isinstance(exc, TooOften):
            return problem(exc.status, exc.reason, article=exc.article, retry_after=exc.wait)
        return super().handle_exception(exc)


class VerificationsView(AskingView):
    """Verifies what was scanned or typed."""

    public = "because whoever is shown a licence may check it; staff see what their role may (M.19)"

    @extend_schema(
        request=VerificationIn,
        responses={200: VerificationOut, 202: WaitingOut, 429: PROBLEM_OUT},
        summary="核验证照",
        operation_id="verifications_post",
    )
    def post(self, request: Request) -> Response:
        """200 with the verdict and the ten answers; 202 while the holder is asked."""
        asked = VerificationIn(data=request.data)
        asked.is_valid(raise_exception=True)
        actor = self.asker(request)
        limit, who = self.counting(request, actor)
        return _answered(verify_counted(actor=actor, who=who, limit=limit, **asked.validated_data))


class WaitingView(AskingView):
    """Asks whether the holder's word has come."""

    public = "because the reader's secret proves who waits (P.2.3.3)"

    @extend_schema(
        request=WaitingIn,
        responses={
            200: VerificationOut,
            202: WaitingOut,
            404: PROBLEM_OUT,
            429: PROBLEM_OUT,
        },
        summary="等待持证人同意",
        operation_id="verifications_waiting_post",
    )
    def post(self, request: Request, key: UUID) -> HttpResponseBase:
        """202 until the holder has answered; then 200, once."""
        asked = WaitingIn(data=request.data)
        asked.is_valid(raise_exception=True)
        actor = self.asker(request)
        spend(*self.counting(request, actor))
        row = presentation_of(key)
        if row is None or row.reader_account_id != actor.account_id:
            return problem(404, _GONE)
        result = fetch_agreed(actor=actor, presentation=row, **asked.validated_data)
        if not result.is_waiting and not result.licences:
            return problem(404, _GONE)
        return _answered(result)


class OutcomesView(APIView):
    """The published list of outcomes and questions."""

    public = "because the list is published (M.19)"
    authentication_classes = []
    permission_classes = []

    @extend_schema(responses={200: PublishedOut}, summary="核验结果代码表", operation_id="outcomes")
    def get(self, request: Request) -> Response:  # noqa: ARG002
        """Every outcome with its code, words and next steps, and the ten questions."""
        return Response(_PUBLISHED, headers={"Cache-Control": "public, max-age=3600"})


def _answered(result: VerificationResult) -> Response:
    private = {"Cache-Control": "no-store"}
    row = result.presentation
    if result.is_waiting and row is not None:
        body = {
            "presentation": str(row.uuid),
            "reader_key": result.reader_key,
            "until": row.ends_at.isoformat(),
        }
        return Response(body, status=202, headers=private)
    gravest = worst([one.outcome for one in result.licences])
    first = next(one for one in result.licences if one.outcome is gravest)
    others = [licence_json(one) for one in result.licences if one is not first]
    return Response({**licence_json(first), "others": others}, headers=private)
