"""Addresses of acting for others: enterprises, children, parents (M.20)."""

from django.urls import path

from usage.mandates.pages import deciding as mandate_deciding
from usage.mandates.pages import giving, supervision
from usage.mandates.pages import people as mandate_people
from usage.mandates.pages import window as mandate_window

urlpatterns = [
    path("wallet/people/", mandate_people.People.as_view(), name="people"),
    path("wallet/people/given/", mandate_people.Given.as_view(), name="people-given"),
    path("wallet/people/agent/", giving.AppointAgent.as_view(), name="appoint-agent"),
    path("wallet/people/helper/", giving.GiveHelper.as_view(), name="give-helper"),
    path("wallet/people/child/", giving.AddChild.as_view(), name="add-child"),
    path("wallet/people/<uuid:key>/end/", mandate_people.EndMandate.as_view(), name="end-mandate"),
    path("wallet/switch/", mandate_people.Switch.as_view(), name="switch"),
    path("checks/mandates/", mandate_window.WindowMandates.as_view(), name="window-mandates"),
    path("checks/mandates/record/", mandate_window.RecordMandate.as_view(), name="record-mandate"),
    path(
        "wallet/people/<uuid:key>/agree/",
        mandate_people.AgreeToMandate.as_view(),
        name="agree-mandate",
    ),
    path(
        "checks/mandates/<uuid:key>/",
        mandate_deciding.WindowMandate.as_view(),
        name="window-mandate",
    ),
    path(
        "checks/mandates/<uuid:key>/confirm/",
        mandate_deciding.ConfirmAtWindow.as_view(),
        name="confirm-window-mandate",
    ),
    path(
        "checks/mandates/<uuid:key>/decline/",
        mandate_deciding.DeclineAtWindow.as_view(),
        name="decline-window-mandate",
    ),
    path(
        "checks/mandates/<uuid:key>/consent/",
        mandate_deciding.ConsentFile.as_view(),
        name="mandate-consent",
    ),
    path(
        "checks/mandates/<uuid:key>/letter/",
        mandate_deciding.Letter.as_view(),
        name="mandate-letter",
    ),
    path("checks/mandates/county/", supervision.CountyMandates.as_view(), name="county-mandates"),
    path(
        "checks/mandates/<uuid:key>/end/",
        mandate_window.EndAtWindow.as_view(),
        name="end-window-mandate",
    ),
]
