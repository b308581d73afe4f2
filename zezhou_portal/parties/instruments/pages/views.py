"""What is in force; successors of the instruments: loaded, confirmed, withdrawn (M.32)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from zezhou_portal.kernel import clock
from zezhou_portal.pagekit.responses import not_found
from zezhou_portal.pagekit.views import ConfirmPage, FormPage, PortalView
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.instruments import services as verbs
from zezhou_portal.parties.instruments.pages.forms import InstrumentForm, WithdrawForm
from zezhou_portal.parties.instruments.selectors import (
    MAY_LOOK,
    instrument_by_key,
    instruments_visible_to,
    numbers_beside,
    present_instruments,
    present_numbers,
)
from zezhou_portal.parties.lifecycle import INSTRUMENT
from zezhou_portal.parties.models import SuccessorInstrument
from zezhou_portal.regulation.actions import Action

_VOICES = {"PROPOSED": "open", "CONFIRMED": "done", "WITHDRAWN": ""}


class Instruments(FormPage):
    """What is in force, what was loaded, and loading a successor."""

    capability = MAY_LOOK
    action = Action.INSTRUMENT_LOADED
    template_name = "parties/instruments.html"
    form_class = InstrumentForm

    def context(self) -> dict[str, Any]:
        return {
            "present": present_instruments(clock.today()),
            "numbers": present_numbers(clock.today()),
            "loaded": [
                {"row": row, "voice": _VOICES[row.state]}
                for row in instruments_visible_to(self.actor)
            ],
        }

    def carry_out(self, form: forms.Form) -> HttpResponse:
        given = {name: form.cleaned_data[name] for name in InstrumentForm.base_fields}
        numbers = form.changed_numbers  # type: ignore[attr-defined]
        row = verbs.load_successor(actor=self.actor, **given, numbers=numbers)
        messages.success(
            self.request,
            f"已登记《{row.title}》，等另一个人确认\n确认以后从 {row.in_force_from} 起接替。",
        )
        return redirect("parties:instruments")


class _OneInstrument(PortalView):
    """Finds the successor that the address names."""

    instrument: SuccessorInstrument

    def prepare(self, **kwargs: Any) -> None:
        found = instrument_by_key(self.actor, kwargs["key"])
        if found is None:
            raise not_found()
        self.instrument = found

    def shown(self) -> dict[str, Any]:
        """The successor, the numbers beside it, and what may be done with it."""
        row = self.instrument
        return {
            "instrument": row,
            "numbers": numbers_beside(row),
            "voice": _VOICES[row.state],
            "is_open": row.state == "PROPOSED",
            "is_own": row.loaded_by_id == self.actor.account_id,
            "may_withdraw": INSTRUMENT.may(row.state, "withdraw"),
        }


class InstrumentPage(_OneInstrument):
    """One successor: its words, its term, who loaded it, what may be done."""

    capability = MAY_LOOK
    template_name = "parties/instrument.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ARG002
        """The page."""
        return self.render(self.shown())


class _ActOnInstrument(_OneInstrument, ConfirmPage):
    """Asks before an act on a successor."""

    template_name = "parties/instrument_confirm.html"
    references = ("M.32",)
    back_words = "再看看，返回"

    def back(self) -> str:
        return reverse("parties:instrument", args=[self.instrument.uuid])

    def context(self) -> dict[str, Any]:
        return self.shown()


class ConfirmInstrument(_ActOnInstrument):
    """Finds that a successor is entered as its own words say."""

    capability = Capability.CONFIRM_INSTRUMENTS
    action = Action.INSTRUMENT_CONFIRMED
    verb = "和原文一致，确认"
    undo = "确认以后发现有错，可以撤回，撤回留在登记里"
    hands = "登记和确认要由两个人办理。"

    def question(self) -> str:
        return f"确认《{self.instrument.title}》？"

    def consequences(self) -> list[str]:
        row = self.instrument
        named = f"从 {row.in_force_from} 起，引用{row.get_replaces_display()}的地方都指明由它接替"
        changed = [one for one in numbers_beside(row) if not one.is_same]
        if not changed:
            return [named, "天数、年限都不变"]
        return [
            named,
            f"从 {row.in_force_from} 起开始的，按上面改的 {len(changed)} 个数算",
            "确认以前已经开始计时的，按开始时的数算，不再改",
        ]

    def carry_out(self) -> HttpResponse:
        verbs.confirm_successor(actor=self.actor, instrument=self.instrument)
        messages.success(self.request, f"已确认\n从 {self.instrument.in_force_from} 起接替。")
        return redirect(self.back())


class WithdrawInstrument(_ActOnInstrument):
    """Takes a mistaken successor back, with the reason."""

    capability = MAY_LOOK
    action = Action.INSTRUMENT_WITHDRAWN
    form_class = WithdrawForm
    verb = "撤回"
    stop = True

    def question(self) -> str:
        return f"撤回《{self.instrument.title}》？"

    def consequences(self) -> list[str]:
        if self.instrument.state == "PROPOSED":
            return ["这一份不再等确认，天数、年限都不变", "登记和撤回都留着；要办，可以重新登记"]
        return [
            "各处不再指明由它接替",
            "它改的天数、年限一起撤回；按它开始计时的，按开始时的数算，不再改",
            "登记、确认和撤回都留着；改好以后重新登记，再由另一个人确认",
        ]

    def carry_out(self) -> HttpResponse:
        verbs.withdraw_successor(
            actor=self.actor, instrument=self.instrument, reason=self.given["reason"]
        )
        messages.success(self.request, "已撤回")
        return redirect(self.back())
