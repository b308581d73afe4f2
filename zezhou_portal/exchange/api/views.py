"""Where the city posts receipts (M.8, M.9)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from zezhou_portal.exchange.api.authentication import EnvelopeAuthentication
from zezhou_portal.exchange.api.serializers import ReceiptIn, ReceiptsOut
from zezhou_portal.exchange.services import receiving
from zezhou_portal.exchange.services.receiving import Outcome

_MOST = 500


class ReceiptsView(APIView):
    """Takes one receipt or a list of them; each is kept once however often it comes."""

    public = "because the city has no account: its envelope proves who it is"
    authentication_classes = [EnvelopeAuthentication]

    @extend_schema(
        request=ReceiptIn(many=True),
        responses={200: ReceiptsOut},
        summary="市平台回执",
        operation_id="receipts_post",
    )
    def post(self, request: Request) -> Response:
        """200 with what became of each; 404 for a single receipt about no message of ours."""
        is_list = isinstance(request.data, list)
        told: list[Any] = request.data if isinstance(request.data, list) else [request.data]
        if len(told) > _MOST:
            return Response({"reason": f"一次最多 {_MOST} 条回执。"}, status=413)
        shape = ReceiptIn(data=told, many=True)
        shape.is_valid(raise_exception=True)
        receipts = [
            receiving.Told(one["key"], one["number"], one["verdict"], one["reason"])
            for one in shape.validated_data
        ]
        outcomes = receiving.receive_many(receipts)
        if not is_list and outcomes == [Outcome.UNKNOWN]:
            return Response({"reason": "没有这一条推送。"}, status=404)
        results = [
            {"key": one.key, "outcome": outcome.value}
            for one, outcome in zip(receipts, outcomes, strict=True)
        ]
        return Response({"results": results})
