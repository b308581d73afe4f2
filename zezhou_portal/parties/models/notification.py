"""What a member of staff or a holder was told, and when it was read."""

import uuid

from django.db import models


class Notification(models.Model):
    """One message in one inbox: a person's for a department they act for, or a holder's.

    `key` names the happening where it must be told once, whatever runs twice. `subject_kind` and
    `subject_key` name what it speaks of, as the trail does: who erases that finds it by them.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(
        "parties.Account", models.CASCADE, null=True, related_name="notifications"
    )
    holder = models.ForeignKey(
        "parties.Holder", models.CASCADE, null=True, related_name="notifications"
    )
    key = models.CharField(max_length=120, blank=True, default="")
    department = models.ForeignKey(
        "parties.Department", models.CASCADE, null=True, related_name="+"
    )
    action = models.CharField("事由", max_length=40)
    subject_kind = models.CharField(max_length=40, blank=True, default="")
    subject_key = models.CharField(max_length=200, blank=True, default="")
    title = models.CharField("标题", max_length=120)
    body = models.CharField("内容", max_length=500)
    link = models.CharField("去处", max_length=200, blank=True)
    is_urgent = models.BooleanField("需要处理", default=False)
    told_at = models.DateTimeField("时间", auto_now_add=True)
    read_at = models.DateTimeField("已读", null=True, blank=True)

    class Meta:
        verbose_name = "消息"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(account__isnull=False, holder__isnull=True)
                | models.Q(account__isnull=True, holder__isnull=False),
                name="a_message_lies_in_one_inbox",
            ),
            models.UniqueConstraint(
                fields=["holder", "key"],
                condition=~models.Q(key=""),
                name="a_holder_is_told_of_a_happening_once",
            ),
        ]
        # a person's inbox, newest first; unread count (parties.selectors.inbox)
        indexes = [
            models.Index(fields=["account", "-told_at", "-id"], name="inbox_newest_first"),
            models.Index(
                fields=["account"], condition=models.Q(read_at__isnull=True), name="inbox_unread"
            ),
            # a holder's inbox, newest first; unread count (parties.selectors.inbox)
            models.Index(
                fields=["holder", "-told_at", "-id"],
                condition=models.Q(holder__isnull=False),
                name="holder_inbox_newest_first",
            ),
            # what was told of one subject (parties.notices.services.forget_notifications)
            models.Index(
                fields=["subject_key", "subject_kind"],
                condition=~models.Q(subject_key=""),
                name="notifications_of_a_subject",
            ),
        ]

    def __str__(self) -> str:
        return self.title
