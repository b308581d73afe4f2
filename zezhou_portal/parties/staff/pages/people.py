"""People and postings: the gaps of M.24 first; appoint, end, cover, name, hand work on."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from zezhou_portal.kernel import clock
from zezhou_portal.pagekit.filters import ListFilter, SearchFilter
from zezhou_portal.pagekit.lists import Empty, ListPage
from zezhou_portal.pagekit.views import ConfirmPage, FormPage, PortalView, show_refusal
from zezhou_portal.parties.capabilities import Capability, Role
from zezhou_portal.parties.models import Account, Department, Posting
from zezhou_portal.parties.postings import live_postings_on
from zezhou_portal.parties.staff import postings as verbs
from zezhou_portal.parties.staff.pages.forms import AppointForm, CoverForm, HandOnForm
from zezhou_portal.parties.staff.selectors import (
    Staff,
    departments_named,
    departments_to_staff,
    departments_without_named_person,
    leavers,
    staff_of,
)
from zezhou_portal.parties.waiting import rooms
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken


def _to_people() -> HttpResponse:
    return HttpResponseRedirect(reverse("parties:people"))


class PeopleFilter(ListFilter):
    """Whose people."""

    q = SearchFilter("单位名称", departments_named)


class People(ListPage[Department]):
    """Every department's people, the gaps of M.24 first."""

    capability = (Capability.APPOINT_PEOPLE, Capability.HAND_ON_WORK)
    template_name = "parties/people.html"
    title = "人员与岗位"
    filter_class = PeopleFilter
    order = ("rank", "name", "id")
    order_words = "没有指定专人的在前，再按名称"
    size = 50
    unit = "个单位"
    counts = True
    no_match = Empty("没有这样的单位", "试试名称里的两三个字。", "building-2")

    def rows(self) -> "QuerySet[Department]":
        return departments_to_staff(clock.today())

    def present(self, rows: Sequence[Department]) -> list[Staff]:
        return staff_of(rows, clock.today())

    def context(self) -> dict[str, Any]:
        today = clock.today()
        return {
            "gaps": list(departments_without_named_person(today)),
            "leavers": leavers(),
            "today": today,
        }


class Appoint(FormPage):
    """A person's role in a department."""

    capability = Capability.APPOINT_PEOPLE
    action = Action.PERSON_POSTED
    template_name = "parties/appoint.html"
    form_class = AppointForm

    def initial(self) -> dict[str, Any]:
        return {"department": self.request.GET.get("department", "")}

    def carry_out(self, form: Form) -> HttpResponse:
        values = form.cleaned_data
        row = verbs.appoint(
            actor=self.actor,
            account=values["account"],
            department=values["department"],
            role=Role(values["role"]),
            from_on=values["from_on"],
            until_on=values["until_on"],
            is_named_person=values["is_named_person"],
        )
        words = f"{row.account.name}已任{row.department.name}{row.get_role_display()}"
        messages.success(self.request, f"{words}\n已通知本人。")
        return _to_people()


class _OnePosting(PortalView):
    """Finds the posting that the address names."""

    capability = Capability.APPOINT_PEOPLE
    posting: Posting

    def prepare(self, **kwargs: Any) -> None:
        rows = Posting.objects.select_related("account", "department", "covers__account")
        self.posting = get_object_or_404(rows, uuid=kwargs["key"])


class EndPosting(_OnePosting, ConfirmPage):
    """Dismisses a person from a posting."""

    action = Action.POSTING_ENDED
    verb = "免去"
    references = ("M.24",)

    def question(self) -> str:
        row = self.posting
        return f"免去{row.account.name}的{row.department.name}{row.get_role_display()}？"

    def consequences(self) -> list[str]:
        row = self.posting
        waiting = rooms.of_account(row.account_id, row.department_id)
        said = [
            "这个岗位的权限马上停止，顶这个岗的也停止。",
            "办过的件和记录不变。",
            *(f"名下有 {work}没有办结，须另行移交。" for work in waiting),
        ]
        if row.is_named_person:
            said.append(f"{row.department.name}就没有这位指定专人了，请随后另行指定。")
        return said

    def back(self) -> str:
        return reverse("parties:people")

    def carry_out(self) -> HttpResponse:
        row = verbs.end_posting(actor=self.actor, posting=self.posting)
        messages.success(self.request, f"已免去{row.account.name}的{row.get_role_display()}")
        return _to_people()


class NamePerson(_OnePosting):
    """Makes a posted person the department's named person, or no longer."""

    action = Action.PERSON_NAMED
    http_method_names = ["post"]

    def post(self, request: HttpRequest, key: uuid.UUID) -> HttpResponse:  # noqa: ARG002
        """POST `named` yes or no."""
        named = request.POST.get("named") == "yes"
        try:
            row = verbs.name_person(actor=self.actor, posting=self.posting, named=named)
        except RuleBroken as refusal:
            messages.error(request, f"{refusal.reason}\n什么也没有改动。")
            return _to_people()
        words = "已是指定专人" if named else "不再是指定专人"
        messages.success(request, f"{row.account.name}{words}（{row.department.name}）")
        return _to_people()


class Cover(_OnePosting, FormPage):
    """Lets another person stand in for an absent one."""

    action = Action.ABSENCE_COVERED
    template_name = "parties/cover.html"
    form_class = CoverForm

    def context(self) -> dict[str, Any]:
        return {"posting": self.posting}

    def carry_out(self, form: Form) -> HttpResponse:
        values = form.cleaned_data
        row = verbs.cover_absence(
            actor=self.actor,
            posting=self.posting,
            by=values["by"],
            from_on=values["from_on"],
            until_on=values["until_on"],
        )
        words = f"{row.account.name}顶{self.posting.account.name}的岗，到 {row.until_on} 为止"
        messages.success(self.request, f"{words}\n到期自动停止。")
        return _to_people()


class HandOn(PortalView):
    """A leaver's open work, department by department, and who takes it."""

    capability = Capability.HAND_ON_WORK
    action = Action.WORK_HANDED_ON
    template_name = "parties/hand_on.html"

    def get(self, request: HttpRequest, key: uuid.UUID) -> HttpResponse:  # noqa: ARG002
        leaver = get_object_or_404(Account.objects.select_related("department"), uuid=key)
        return self._left(leaver)

    def post(self, request: HttpRequest, key: uuid.UUID) -> HttpResponse:
        """POST `department` and `successor`."""
        leaver = get_object_or_404(Account.objects.select_related("department"), uuid=key)
        wanted = request.POST.get("department", "")
        department = next((one for one in _departments(leaver) if str(one.uuid) == wanted), None)
        if department is None:
            raise RuleBroken("M.24", "这个单位没有要移交的件。请回到人员与岗位再看一遍。")
        form = HandOnForm(request.POST, people=_colleagues(leaver, department))
        if form.is_valid():
            successor = form.cleaned_data["successor"]
            try:
                count = rooms.hand_on(
                    actor=self.actor, leaver=leaver, successor=successor, department=department
                )
            except RuleBroken as refusal:
                show_refusal(form, refusal)
            else:
                messages.success(
                    request, f"{count} 件已移交给{successor.name}\n时限照旧，已通知本人。"
                )
                return HttpResponseRedirect(reverse("parties:hand-on", args=[leaver.uuid]))
        return self._left(leaver, {department.pk: form}, status=422)

    def _left(
        self, leaver: Account, bound: dict[int, HandOnForm] | None = None, *, status: int = 200
    ) -> HttpResponse:
        forms = bound or {}
        parts = [
            {
                "department": one,
                "work": work,
                "form": forms.get(one.pk) or HandOnForm(people=_colleagues(leaver, one)),
            }
            for one in _departments(leaver)
            if (work := rooms.of_account(leaver.pk, one.pk))
        ]
        return self.render({"leaver": leaver, "parts": parts}, status=status)


def _departments(leaver: Account) -> list[Department]:
    """Where a person has or had postings."""
    there = Department.objects.filter(postings__account=leaver)
    return list(there.distinct().order_by("name"))


def _colleagues(leaver: Account, department: Department) -> Any:
    """Who has a posting in a department today, without the leaver."""
    here = live_postings_on(clock.today()).filter(department=department)
    rows = Account.objects.filter(pk__in=here.values("account_id")).exclude(pk=leaver.pk)
    return rows.select_related("department").order_by("username")
