"""The auditor finds one licence or person, and prints who looked at it for who complains (M.25)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from audit.supervision.pages.forms import FindForm, PeriodForm
from audit.supervision.services import access_answers
from audit.supervision.things import ACCOUNT, thing_of
from audit.trail.vocabulary.acts import LOOKS_CODE
from zezhou_portal.pagekit.responses import never_kept
from zezhou_portal.pagekit.views import FormPage, PortalView, show_refusal
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken


class FindPage(FormPage):
    """One box: a number or a name leads to licences, holders and officials (POST: no name in
    an address).
    """

    capability = Capability.SEARCH_TRAIL
    action = Action.TRAIL_SUBJECTS_FOUND
    template_name = "trail/find.html"
    form_class = FindForm

    def carry_out(self, form: Any) -> HttpResponse:
        found = access_answers.find(actor=self.actor, text=form.cleaned_data["q"])
        context = {
            "form": form,
            "found": [(one, one.kind != ACCOUNT) for one in found],
            "is_asked": True,
            "looks": LOOKS_CODE,
        }
        return self.render(context)


class AccessAnswer(PortalView):
    """POST: the answer on paper, itself on the record; a wrong period is told there."""

    capability = Capability.SEARCH_TRAIL
    action = Action.ACCESS_ANSWERED
    template_name = "trail/access_answer.html"

    def post(self, request: HttpRequest) -> HttpResponse:
        """The sheet of paper."""
        thing = thing_of(request.POST.get("about", ""))
        if thing is None:
            raise Http404
        form = PeriodForm(request.POST)
        context: dict[str, Any] = {"thing": thing, "form": form}
        if not form.is_valid():
            return self.render(context, status=422)
        first, last = form.period()
        try:
            accesses = access_answers.answer_access(
                actor=self.actor, thing=thing, first=first, last=last
            )
        except RuleBroken as refusal:
            show_refusal(form, refusal)
            return self.render(context, status=422)
        context |= {"accesses": accesses, "first": first, "last": last, "is_answered": True}
        return never_kept(self.render(context))
