"""Where the city posts receipts (M.8, M.9)."""

from typing import Any

from django.http import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from zezhou_portal.exchange.api.authentication import EnvelopeAuthentication
from zezhou_portal.exchange.api.serializers import ReceiptIn, ReceiptsOut
from zezhou_portal.exchange.services import receiving
from zezhou_portal.exchange.services.receiving import Outcome
from zezhou_portal.kernel.foreign import words_of
from zezhou_portal.pagekit.problem_details import PROBLEM_OUT, problem

_MOST = 500
_UNREADABLE = Outcome.UNREADABLE


class ReceiptsView(APIView):
    """Takes one receipt or a list of them; each is kept once however often it comes.

    One of a list that is no receipt is said so and keeps none of the others back.
    """

    public = "because the city has no account: its envelope proves who it is"
    authentication_classes = [EnvelopeAuthentication]

    @extend_schema(
        request=ReceiptIn(many=True),
        responses={200: ReceiptsOut, 404: PROBLEM_OUT},
        summary="市平台回执",
        operation_id="receipts_post",
    )
    def post(self, request: Request) -> HttpResponseBase:
        """200 with what became of each; 404 for a single receipt about no message of ours."""
        is_list = isinstance(request.data, list)
        told: list[Any] = request.data if isinstance(request.data, list) else [request.data]
        if len(told) > _MOST:
            return problem(413, f"一次最多 {_MOST} 条回执。")
        shapes = [ReceiptIn(data=one) for one in told]
        sound = [shape for shape in shapes if shape.is_valid(raise_exception=not is_list)]
        receipts = [
            receiving.Told(one["key"], one["number"], one["verdict"], one["reason"])
            for one in (shape.validated_data for shape in sound)
        ]
        outcomes = receiving.receive_many(receipts)
        if not is_list and outcomes == [Outcome.UNKNOWN]:
            return problem(404, "没有这一条推送。")
        kept = iter(outcomes)
        results = [
            {"key": _key(one), "outcome": (next(kept) if shape in sound else _UNREADABLE).value}
            for one, shape in zip(told, shapes, strict=True)
        ]
        return Response({"results": results})


def _key(told: Any) -> str:
    """What a receipt calls itself, as far as it does."""
    return words_of(told.get("key"), 64) if isinstance(told, dict) else ""
