"""Presenting: choose what to show, and the screen with the code (P.2.3.2, P.2.3.3)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control

from licences.register.visibility import licences_held
from usage.models import Presentation
from usage.presenting import presentations
from usage.presenting.pages.choice import ChoiceForm, by_preset, items_name, offered_to, offers
from usage.presenting.pages.screen import screen_of, state_of
from usage.presenting.presentable import Showable
from usage.presenting.presentations import Chosen
from usage.presenting.presets import PRESETS, preset_of
from usage.presenting.selectors import presentation_of, running_presentation
from zezhou_portal.kernel import clock
from zezhou_portal.pagekit.views import PortalView, show_refusal
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken
from zezhou_portal.regulation.limits import LICENCES_IN_A_PRESENTATION

_OWN = "because a holder shows what is theirs, or what a mandate lets them show"


class ShowPage(PortalView):
    """Choose licences and items, then present them; with `?licence=` one stands chosen."""

    holder = _OWN
    template_name = "usage/presenting/show.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The licences that can be shown; those asked for, or the only one, stand chosen."""
        wanted = [
            _key(text) for text in request.GET.getlist("licence")[:LICENCES_IN_A_PRESENTATION]
        ]
        found = offered_to(self.actor, wanted)
        there = {one.licence.uuid for one in found}
        if not set(wanted) <= there:
            raise Http404
        can = [one for one in found if not one.why_not]
        chosen = {str(key) for key in wanted} or {str(one.licence.uuid) for one in can[:1]}
        if not wanted and len(can) != 1:
            chosen = set()
        return self._page(found, ChoiceForm(None, offered=found), chosen)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Opens the presentation; a preset only ticks its items and shows the page again."""
        keys = request.POST.getlist("licence")
        found = offered_to(self.actor, [key for text in keys if (key := _uuid(text))])
        form = ChoiceForm(request.POST, offered=found)
        preset = preset_of(request.POST.get("preset", ""))
        if preset is not None:
            return self._page(found, form, set(keys), by_preset(found, preset), done=preset.name)
        is_whole = "whole" in request.POST
        if form.is_valid():
            try:
                row = presentations.present(
                    actor=self.actor,
                    chosen=form.chosen(found, is_whole=is_whole),
                    asks_consent=form.cleaned_data["ask"],
                    elder=_is_elder(request),
                )
            except RuleBroken as refusal:
                show_refusal(form, refusal)
            except NotPermitted as refusal:
                return self._page(found, form, set(keys), refusal=refusal.reason)
            else:
                return _see(reverse("usage:screen", args=[row.uuid]))
        return self._page(found, form, set(keys), _ticked(request, found) if is_whole else None)

    def _page(
        self,
        found: Sequence[Showable],
        form: ChoiceForm,
        licences: set[str],
        items: dict[str, Sequence[str]] | None = None,
        *,
        done: str = "",
        refusal: str = "",
    ) -> HttpResponse:
        if not refusal and not self.actor.has(Capability.PRESENT_OWN_LICENCES.value):
            refusal = "您代办的权限里没有亮证。请持证人本人出示，或者请他改委托。"
        rows = offers(found, licences=licences, items=items)
        is_wrong = form.is_bound and not done and bool(form.errors)
        context: dict[str, Any] = {
            "form": form,
            "is_wrong": is_wrong,
            "can": [one for one in rows if not one.why_not],
            "cannot": [one for one in rows if one.why_not],
            "presets": PRESETS,
            "done": done,
            "asks": form.is_bound and bool(form.data.get("ask")),
            "refusal": refusal,
            "most": LICENCES_IN_A_PRESENTATION,
            "running": running_presentation(self.actor.holder_id, clock.now()),
        }
        return self.render(context, status=403 if refusal else 422 if is_wrong else 200)


class _Presentation(PortalView):
    """What concerns one presentation: its presenter alone finds it."""

    holder = _OWN
    row: Presentation

    def prepare(self, **kwargs: Any) -> None:
        found = presentation_of(self.actor.holder_id, kwargs["key"])
        if found is None:
            raise Http404
        self.row = found

    def screen(self, template: str) -> HttpResponse:
        """The presentation as it stands; never kept by a browser."""
        answer = self.render({"screen": screen_of(self.actor, self.row)}, template=template)
        patch_cache_control(answer, no_store=True)
        return answer

    def onward(self) -> HttpResponse:
        """Back to the screen after an act."""
        return _see(reverse("usage:screen", args=[self.row.uuid]))


class ScreenPage(_Presentation):
    """The screen that is held out to the other side."""

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:  # noqa: ARG002
        return self.screen("usage/presenting/screen.html")


class ScreenCode(_Presentation):
    """The part of the screen that changes: one small request a refresh."""

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:  # noqa: ARG002
        return self.screen("usage/presenting/_screen.html")


class ScreenStatus(_Presentation):
    """Whether somebody asks or has read, in a few bytes."""

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:  # noqa: ARG002
        answer = JsonResponse({"state": state_of(self.row, clock.now())})
        patch_cache_control(answer, no_store=True)
        return answer


class _Act(_Presentation):
    """A POST on a presentation; what cannot be done any more is said on the screen."""

    def act(self) -> None:
        """Calls the verb."""
        raise NotImplementedError

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:  # noqa: ARG002
        try:
            self.act()
        except RuleBroken as refusal:
            messages.warning(self.request, refusal.reason)
        return self.onward()


class Agree(_Act):
    """Yes to the reader who asked."""

    def act(self) -> None:
        """What was chosen goes out."""
        presentations.agree(actor=self.actor, presentation=self.row)


class Decline(_Act):
    """No to the reader who asked."""

    def act(self) -> None:
        """Nothing goes out."""
        presentations.decline(actor=self.actor, presentation=self.row)


class Stop(_Act):
    """Stop presentation."""

    def act(self) -> None:
        """The code reads no more."""
        presentations.withdraw(actor=self.actor, presentation=self.row)


class Again(_Presentation):
    """The same licences and items once more, with a new code."""

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:  # noqa: ARG002
        """Opens another presentation; where that cannot be, leads to the choice and says why."""
        parts = {one.licence_id: one for one in self.row.licences.all()}
        chosen = [
            Chosen(licence, parts[licence.pk].items)
            for licence in licences_held(self.actor).filter(pk__in=parts)
        ]
        try:
            row = presentations.present(
                actor=self.actor,
                chosen=sorted(chosen, key=lambda one: parts[one.licence.pk].place),
                asks_consent=self.row.asks_consent,
                elder=_is_elder(request),
            )
        except (RuleBroken, NotPermitted) as refusal:
            messages.warning(self.request, f"{refusal.reason}\n请重新选要出示的证照。")
            return _see(reverse("usage:show"))
        return _see(reverse("usage:screen", args=[row.uuid]))


def _ticked(request: HttpRequest, found: Sequence[Showable]) -> dict[str, Sequence[str]]:
    """The boxes that were ticked, by their names."""
    return {items_name(one): request.POST.getlist(items_name(one)) for one in found}


def _see(address: str) -> HttpResponse:
    """What came of a POST stands elsewhere, and is fetched by GET."""
    return HttpResponseRedirect(address, status=303)


def _is_elder(request: HttpRequest) -> bool:
    """Whether the reader set elder mode, which gives the presentation more time."""
    return bool(request.COOKIES.get("elder"))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _key(text: str) -> UUID:
    """A licence's key out of an address; what is none is not found."""
    found = _uuid(text)
    if found is None:
        raise Http404
    return found
