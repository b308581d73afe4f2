"""What a member of staff was told, and when it was read."""

import uuid

from django.db import models


class Notification(models.Model):
    """One message in one person's inbox, for one department they act for."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey("parties.Account", models.CASCADE, related_name="notifications")
    department = models.ForeignKey(
        "parties.Department", models.CASCADE, null=True, related_name="+"
    )
    action = models.CharField("事由", max_length=40)
    title = models.CharField("标题", max_length=120)
    body = models.CharField("内容", max_length=500)
    link = models.CharField("去处", max_length=200, blank=True)
    is_urgent = models.BooleanField("需要处理", default=False)
    told_at = models.DateTimeField("时间", auto_now_add=True)
    read_at = models.DateTimeField("已读", null=True, blank=True)

    class Meta:
        verbose_name = "消息"
        # a person's inbox, newest first; unread count (parties.selectors.inbox)
        indexes = [
            models.Index(fields=["account", "-told_at", "-id"], name="inbox_newest_first"),
            models.Index(
                fields=["account"], condition=models.Q(read_at__isnull=True), name="inbox_unread"
            ),
        ]

    def __str__(self) -> str:
        return self.title
