"""Organisational certificates that seals are bound to (S.6, S.8)."""

from django.db import models


class Certificate(models.Model):
    """A certificate of the provincial authority; the key is a file, never a row."""

    department = models.ForeignKey(
        "parties.Department", models.PROTECT, related_name="certificates"
    )
    subject_name = models.CharField("证书主体", max_length=200)
    authority_name = models.CharField("颁发机构", max_length=200)
    serial = models.CharField("序列号", max_length=80)
    valid_from = models.DateTimeField("有效期起")
    valid_until = models.DateTimeField("有效期至")
    der = models.BinaryField()

    class Meta:
        verbose_name = "机构数字证书"
        constraints = [
            models.UniqueConstraint(
                fields=["authority_name", "serial"], name="a_certificate_is_registered_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_name} {self.serial}"
