"""Departments: opened, changed, closed."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from zezhou_portal.pagekit.filters import ChoiceFilter, ListFilter, SearchFilter
from zezhou_portal.pagekit.lists import Column, Empty, ExportedListPage
from zezhou_portal.pagekit.views import ConfirmPage, FormPage, PortalView
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.models import Department, DepartmentFunction
from zezhou_portal.parties.staff import departments as verbs
from zezhou_portal.parties.staff.pages.forms import (
    ChangeDepartmentForm,
    DepartmentForm,
)
from zezhou_portal.parties.staff.selectors import departments_named, with_function
from zezhou_portal.regulation.actions import Action


def _to_departments() -> HttpResponse:
    return HttpResponseRedirect(reverse("parties:departments"))


def _functions(department: Department) -> str:
    labels = dict(DepartmentFunction.choices)
    return "、".join(str(labels[code]) for code in department.functions)


class DepartmentFilter(ListFilter):
    """Which departments."""

    q = SearchFilter("名称或统一社会信用代码", departments_named)
    function = ChoiceFilter("职能", DepartmentFunction.choices, narrow=with_function)


class Departments(ExportedListPage[Department]):
    """Every department and what it may be."""

    capability = Capability.MANAGE_DEPARTMENTS
    template_name = "parties/departments.html"
    title = "单位"
    filter_class = DepartmentFilter
    columns = (
        Column("名称", sort="name", cell=lambda row: row["department"].name),
        Column(
            "统一社会信用代码", sort="credit_code", cell=lambda row: row["department"].credit_code
        ),
        Column("类别", cell=lambda row: row["department"].get_kind_display()),
        Column("职能", cell=lambda row: row["functions"]),
    )
    order = ("-is_open", "name", "id")
    order_words = "按名称，停用的在最后"
    size = 50
    unit = "个"
    counts = True
    no_match = Empty("没有这样的单位", "试试名称里的两三个字。", "building-2")

    def rows(self) -> "QuerySet[Department]":
        return Department.objects.all()

    def present(self, rows: Sequence[Department]) -> list[dict[str, Any]]:
        return [{"department": row, "functions": _functions(row)} for row in rows]


class OpenDepartment(FormPage):
    """A new department."""

    capability = Capability.MANAGE_DEPARTMENTS
    action = Action.DEPARTMENT_OPENED
    template_name = "parties/department.html"
    form_class = DepartmentForm

    def carry_out(self, form: Form) -> HttpResponse:
        row = verbs.open_department(actor=self.actor, **form.cleaned_data)
        messages.success(self.request, f"{row.name}已登记\n接着任用岗位、指定专人。")
        return _to_departments()


class _OneDepartment(PortalView):
    """Finds the department that the address names."""

    capability = Capability.MANAGE_DEPARTMENTS
    department: Department

    def prepare(self, **kwargs: Any) -> None:
        self.department = get_object_or_404(Department, uuid=kwargs["key"])


class ChangeDepartment(_OneDepartment, FormPage):
    """A department's name, kind and functions."""

    action = Action.DEPARTMENT_CHANGED
    template_name = "parties/department.html"
    form_class = ChangeDepartmentForm

    def initial(self) -> dict[str, Any]:
        row = self.department
        told = ("name", "kind", "functions", "phone")
        return {name: getattr(row, name) for name in told}

    def context(self) -> dict[str, Any]:
        return {"department": self.department}

    def carry_out(self, form: Form) -> HttpResponse:
        row = verbs.change_department(
            actor=self.actor, department=self.department, **form.cleaned_data
        )
        messages.success(self.request, f"{row.name}已变更")
        return _to_departments()


class CloseDepartment(_OneDepartment, ConfirmPage):
    """A department that is no more."""

    action = Action.DEPARTMENT_CLOSED
    verb = "停用"
    references = ("M.3",)
    stop = True

    def question(self) -> str:
        return f"停用{self.department.name}？"

    def consequences(self) -> list[str]:
        return [
            "以后不能收件、制发和用证。",
            "已经制发的证照和全部记录都留着。",
            "还有没办结的件或在岗的人时，不能停用。",
        ]

    def back(self) -> str:
        return reverse("parties:department", args=[self.department.uuid])

    def carry_out(self) -> HttpResponse:
        row = verbs.close_department(actor=self.actor, department=self.department)
        messages.success(self.request, f"{row.name}已停用")
        return _to_departments()
