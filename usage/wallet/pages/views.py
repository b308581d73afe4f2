"""The wallet's own pages: all cards, and who one is here (M.20, P.2.3.5)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from licences.models import Licence
from licences.register.visibility import licences_held
from usage.wallet.pages.cards import Card, card_of
from usage.wallet.selectors import CARDS_ORDER, cards_named, cards_of, checks_of, ending_soon
from zezhou_portal.kernel import clock
from zezhou_portal.pagekit.filters import ListFilter, SearchFilter
from zezhou_portal.pagekit.lists import ListPage
from zezhou_portal.pagekit.views import PortalView
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.mandates.selectors import mandates_held
from zezhou_portal.parties.masking import mask_identity
from zezhou_portal.parties.models import HolderKind, IdentityType

OWN = "because a wallet is opened by who holds what is in it"
# A search box where there is more than one sees at a glance (ours).
_HANDFUL = 5
_CHECKS = 5


class WalletFilter(ListFilter):
    """Which of one's licences."""

    q = SearchFilter("证照名称或编号", cards_named)


class Wallet(ListPage[Licence]):
    """All licences of the holder in whose place one acts; what ends soon stands on top."""

    holder = OWN
    template_name = "usage/wallet/wallet.html"
    title = "我的证照"
    filter_class = WalletFilter
    order = CARDS_ORDER
    unit = "份"

    def rows(self) -> "QuerySet[Licence]":
        return cards_of(self.actor)

    def present(self, rows: Sequence[Licence]) -> list[Card]:
        return [card_of(row, self.actor) for row in rows]

    def context(self) -> dict[str, Any]:
        """The search box stands where there is more than one sees at a glance."""
        text = self.request.GET.get("q", "").strip()
        count = licences_held(self.actor).count()
        elder = bool(self.request.COOKIES.get("elder"))
        return {
            "holding": self.holder_session,
            "checked": _said(self.holder_session.check.checked_at),
            "contact_url": reverse("portal:contact"),
            "mandates": mandates_held(self.holder_session.person.pk, clock.today()),
            "count": count,
            "what": _what(self.holder_session.principal.kind),
            "text": text,
            "searches": count > _HANDFUL or bool(text),
            "reminders": self._reminders(text, 1 if elder else 2),
        }

    def _reminders(self, text: str, most: int) -> Sequence[tuple[Licence, int]]:
        """What ends soon, with the days left; not above what one looks for."""
        if text:
            return ()
        today = clock.today()
        return [
            (row, (row.valid_until - today).days)
            for row in ending_soon(self.actor, most)
            if row.valid_until is not None
        ]


class Mine(PortalView):
    """Who one is here, masked; the latest sign-ins; how one reads; the way out."""

    holder = OWN
    template_name = "usage/wallet/mine.html"

    def get(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002
        person = self.holder_session.person
        number = person.identity_number
        return self.render(
            {
                "holding": self.holder_session,
                "number": mask_identity(number) if number else "",
                "number_words": dict(IdentityType.choices).get(person.identity_type, "证件号码"),
                "checks": checks_of(person.pk, _CHECKS),
                "may_give": self.actor.has(Capability.GIVE_MANDATES.value),
            }
        )


class Stay(PortalView):
    """POST: one is still there; any request renews the session, this one does nothing else."""

    holder = OWN
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        if request.headers.get("X-Requested-With") == "fetch":
            return HttpResponse(status=204)
        return HttpResponseRedirect(reverse("usage:wallet"))


def _said(moment: datetime) -> str:
    """When one was checked: 今天 10:05, or with the day."""
    local = moment.astimezone(clock.BEIJING)
    time = f"{local:%H:%M}"
    if local.date() == clock.today():
        return f"今天 {time}"
    return f"{local.year}年{local.month}月{local.day}日 {time}"


def _what(kind: str) -> str:
    return "我的证照" if kind == HolderKind.NATURAL_PERSON else "企业证照"
