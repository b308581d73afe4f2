"""Departments of the county and what each of them may be (M.3, M.31)."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from zezhou_portal.kernel.subjects import Subject


class DepartmentFunction(models.TextChoices):
    """What a department may be under the Measures; several at once."""

    MANAGEMENT = "management", "管理单位"
    ISSUING = "issuing", "制发单位"
    USING = "using", "应用单位"
    SEAL = "seal", "电子印章使用单位"
    PUBLIC_UTILITY = "public_utility", "公用事业运营单位"


DEPARTMENT_KINDS = [("county", "县直单位"), ("township", "乡镇"), ("public_utility", "公用事业")]


class Department(models.Model):
    """A department, township or public utility, named by its credit code."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("名称", max_length=120)
    credit_code = models.CharField("统一社会信用代码", max_length=18)
    kind = models.CharField(
        "类别",
        max_length=16,
        choices=DEPARTMENT_KINDS,
    )
    functions = ArrayField(
        models.CharField(max_length=16, choices=DepartmentFunction.choices),
        verbose_name="职能",
        default=list,
    )
    phone = models.CharField("办公电话", max_length=30, blank=True, default="")
    is_open = models.BooleanField("在用", default=True)
    closed_on = models.DateField("停用日期", null=True, blank=True)

    class Meta:
        verbose_name = "单位"
        constraints = [
            models.UniqueConstraint(
                fields=["credit_code"], name="a_credit_code_names_one_department"
            ),
            models.UniqueConstraint(
                fields=["name"],
                condition=models.Q(is_open=True),
                name="open_departments_differ_by_name",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> Subject:
        """How the trail names a department."""
        return Subject("department", str(self.uuid), self.name)

    def has_function(self, function: DepartmentFunction) -> bool:
        """Whether the department is of a kind the Measures name."""
        return function.value in self.functions
