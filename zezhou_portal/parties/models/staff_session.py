"""The sessions of staff: where somebody is signed in, so that they can end one themselves."""

import uuid

from django.db import models

from zezhou_portal.kernel.fields import SecretField


class StaffSession(models.Model):
    """One full log-in: both factors given.

    Deleted once it can open nothing any more. The session's own key, where it was begun from and
    on what are encrypted (M.26).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey("parties.Account", models.CASCADE, related_name="sessions")
    session_key = SecretField("会话")
    address = SecretField("网络地址", blank=True, default="")
    device = SecretField("设备", blank=True, default="")
    begun_at = models.DateTimeField("登录时间")

    class Meta:
        verbose_name = "登录着的设备"
        # parties.staff.sessions.sessions_of: one person's, the newest first
        indexes = [models.Index(fields=["account", "-begun_at"], name="sessions_of_an_account")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.begun_at:%Y-%m-%d %H:%M}"
