"""Accounts: who can log in. There is no superuser; capabilities come from postings alone."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models

from zezhou_portal.kernel.fields import SecretField
from zezhou_portal.kernel.subjects import Subject


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by user name; opening one is a verb of `services.accounts`."""


class Account(AbstractBaseUser):
    """A member of staff. Personal phone numbers are encrypted (M.26)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    username = models.CharField("账号", max_length=40, unique=True)
    name = models.CharField("姓名", max_length=40)
    phone = SecretField("手机号码", blank=True, default="")
    department = models.ForeignKey(
        "parties.Department", models.PROTECT, verbose_name="所在单位", related_name="accounts"
    )
    is_active = models.BooleanField("在用", default=True)
    must_change_password = models.BooleanField("下次登录须改密码", default=True)
    failed_logins = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(auto_now_add=True)
    # hashes of the last few passwords: none of them is taken again
    former_passwords = ArrayField(models.CharField(max_length=200), default=list, editable=False)
    # who reset which of the two factors last: both within a week take two administrators
    password_reset_at = models.DateTimeField(null=True, blank=True)
    password_reset_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+"
    )
    second_factor_reset_at = models.DateTimeField(null=True, blank=True)
    second_factor_reset_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+"
    )
    # a phone just bound signs nothing off until then, unless it was vouched for
    signs_from = models.DateTimeField("可以签发的时间", null=True, blank=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = AccountManager()

    class Meta:
        verbose_name = "账号"

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> Subject:
        """How the trail names an account: by its user name."""
        return Subject("account", str(self.uuid), self.username)

    def is_locked(self, at: datetime) -> bool:
        """Whether too many failures keep the account shut at a moment."""
        return self.locked_until is not None and at < self.locked_until
