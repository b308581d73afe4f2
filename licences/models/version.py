"""Versions of a licence: frozen data of one issue or alteration; and their files (M.7)."""

from django.db import models

from zezhou_portal.kernel.locks import Claimable


class LicenceVersion(Claimable):
    """What was signed off, once and for good; never updated but for the columns of its file.

    `frozen` is everything the face is drawn from, sensitive values encrypted inside it. The
    row waits for a worker until `is_made`; `seal_use` is the approval of S.12 given in the
    sign-off itself.
    """

    licence = models.ForeignKey("licences.Licence", models.PROTECT, related_name="versions")
    no = models.PositiveSmallIntegerField("版本")
    identifier = models.CharField("证照标识", max_length=160, unique=True)
    check_code = models.CharField("校验码", max_length=8)
    frozen = models.JSONField()
    photo_digest = models.CharField(max_length=64, blank=True, default="")
    layout_digest = models.CharField(max_length=64)
    seal_use = models.OneToOneField("seals.SealUse", models.PROTECT, related_name="+")
    signed_off_by = models.ForeignKey("parties.Account", models.PROTECT, related_name="+")
    signed_off_by_name = models.CharField("签发人", max_length=40)
    signed_off_at = models.DateTimeField("签发时间")
    is_made = models.BooleanField(default=False)

    class Meta:
        verbose_name = "证照版本"
        constraints = [
            models.UniqueConstraint(fields=["licence", "no"], name="a_version_exists_once"),
        ]
        indexes = [
            # licences.register.producing: versions whose file is still to be made
            models.Index(
                fields=["due_at", "id"],
                condition=models.Q(is_made=False),
                name="versions_without_a_file",
            ),
            # the code on a face (usage.selectors.version_by_code)
            models.Index(fields=["check_code"], name="versions_by_check_code"),
        ]

    def __str__(self) -> str:
        return self.identifier


class LicenceFile(models.Model):
    """The sealed file of a version, by digest; a file is never overwritten."""

    version = models.OneToOneField(LicenceVersion, models.PROTECT, related_name="file")
    digest = models.CharField("文件摘要（SM3）", max_length=64, unique=True)
    size = models.PositiveIntegerField("大小（字节）")
    sealed_at = models.DateTimeField("签章时间")

    class Meta:
        verbose_name = "证照文件"

    def __str__(self) -> str:
        return self.digest
