"""Receipts as the city posts them."""

from typing import Any

from rest_framework import serializers


class ReceiptIn(serializers.Serializer[Any]):
    """One receipt; a refusal says why."""

    key = serializers.CharField(max_length=64)
    number = serializers.CharField(max_length=64)
    verdict = serializers.ChoiceField(choices=["accepted", "refused"])
    reason = serializers.CharField(max_length=500, allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A refusal without a reason is no answer."""
        if attrs["verdict"] == "refused" and not attrs["reason"]:
            raise serializers.ValidationError({"reason": "退回须写明原因。"})
        return attrs


class ReceiptOut(serializers.Serializer[Any]):
    """What became of one receipt: kept, known, about no message of ours, or not fit to be kept."""

    key = serializers.CharField()
    outcome = serializers.ChoiceField(choices=["kept", "known", "unknown", "unreadable"])


class ReceiptsOut(serializers.Serializer[Any]):
    """What became of each receipt, in the order they came."""

    results = ReceiptOut(many=True)
