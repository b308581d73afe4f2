"""Routes of the parties."""

from django.urls import path

from zezhou_portal.parties.calendars.pages import views as calendars
from zezhou_portal.parties.holders.pages import changing, merging
from zezhou_portal.parties.holders.pages import views as holders
from zezhou_portal.parties.identity.pages import sign_in as holder_sign_in
from zezhou_portal.parties.instruments.pages import views as instruments
from zezhou_portal.parties.notices import pages as inbox
from zezhou_portal.parties.staff.pages import accounts as account_pages
from zezhou_portal.parties.staff.pages import departments, people, sign_in
from zezhou_portal.parties.staff.pages import sessions as session_pages

app_name = "parties"

urlpatterns = [
    path("log-in/", sign_in.LogIn.as_view(), name="log-in"),
    path("log-out/", sign_in.LogOut.as_view(), name="log-out"),
    path("sign-in/", holder_sign_in.SignIn.as_view(), name="holder-sign-in"),
    path("sign-in/<slug:provider>/", holder_sign_in.Begin.as_view(), name="holder-sign-in-begin"),
    path(
        "sign-in/<slug:provider>/back/", holder_sign_in.Back.as_view(), name="holder-sign-in-back"
    ),
    path("sign-out/<slug:provider>/", holder_sign_in.Leave.as_view(), name="holder-leave"),
    path("sign-out/", holder_sign_in.SignOut.as_view(), name="holder-sign-out"),
    path("second-factor/", sign_in.SecondFactor.as_view(), name="second-factor"),
    path("again/", session_pages.ProveAgain.as_view(), name="again"),
    path("sessions/", session_pages.Sessions.as_view(), name="sessions"),
    path("password/", sign_in.Password.as_view(), name="password"),
    path("switch-posting/", sign_in.SwitchPosting.as_view(), name="switch-posting"),
    path("inbox/", inbox.Inbox.as_view(), name="inbox"),
    path("inbox/read/", inbox.ReadAll.as_view(), name="read-all"),
    path("inbox/<uuid:key>/read/", inbox.ReadNotification.as_view(), name="read"),
    path("stalled/<uuid:key>/", inbox.Stalled.as_view(), name="stalled"),
    path("people/", people.People.as_view(), name="people"),
    path("people/appoint/", people.Appoint.as_view(), name="appoint"),
    path("people/<uuid:key>/hand-on/", people.HandOn.as_view(), name="hand-on"),
    path("postings/<uuid:key>/end/", people.EndPosting.as_view(), name="end-posting"),
    path("postings/<uuid:key>/name/", people.NamePerson.as_view(), name="name-person"),
    path("postings/<uuid:key>/cover/", people.Cover.as_view(), name="cover"),
    path("departments/", departments.Departments.as_view(), name="departments"),
    path("departments/open/", departments.OpenDepartment.as_view(), name="open-department"),
    path("departments/<uuid:key>/", departments.ChangeDepartment.as_view(), name="department"),
    path(
        "departments/<uuid:key>/close/",
        departments.CloseDepartment.as_view(),
        name="close-department",
    ),
    path("accounts/", account_pages.Accounts.as_view(), name="accounts"),
    path("accounts/open/", account_pages.OpenAccount.as_view(), name="open-account"),
    path("accounts/<uuid:key>/close/", account_pages.CloseAccount.as_view(), name="close-account"),
    path("accounts/<uuid:key>/unlock/", account_pages.UnlockAccount.as_view(), name="unlock"),
    path(
        "accounts/<uuid:key>/reset-second-factor/",
        account_pages.ResetSecondFactor.as_view(),
        name="reset-second-factor",
    ),
    path(
        "accounts/<uuid:key>/reset-password/",
        account_pages.ResetPassword.as_view(),
        name="reset-password",
    ),
    path("accounts/<uuid:key>/vouch/", account_pages.VouchSecondFactor.as_view(), name="vouch"),
    path("holders/", holders.Holders.as_view(), name="holders"),
    path("holders/new/", holders.EnterHolder.as_view(), name="enter-holder"),
    path("holders/<uuid:key>/", holders.ChangeHolder.as_view(), name="change-holder"),
    path("holders/<uuid:key>/same-person/", merging.ProposeMerge.as_view(), name="propose-merge"),
    path("holder-changes/<uuid:key>/", changing.HolderChangePage.as_view(), name="holder-change"),
    path(
        "holder-changes/<uuid:key>/confirm/",
        changing.ConfirmHolderChange.as_view(),
        name="confirm-holder-change",
    ),
    path(
        "holder-changes/<uuid:key>/decline/",
        changing.DeclineHolderChange.as_view(),
        name="decline-holder-change",
    ),
    path(
        "holder-changes/<uuid:key>/withdraw/",
        changing.WithdrawHolderChange.as_view(),
        name="withdraw-holder-change",
    ),
    path("holder-merges/<uuid:key>/", merging.MergePage.as_view(), name="merge"),
    path("holder-merges/<uuid:key>/confirm/", merging.ConfirmMerge.as_view(), name="confirm-merge"),
    path("holder-merges/<uuid:key>/decline/", merging.DeclineMerge.as_view(), name="decline-merge"),
    path(
        "holder-merges/<uuid:key>/withdraw/",
        merging.WithdrawMerge.as_view(),
        name="withdraw-merge",
    ),
    path("calendars/", calendars.Calendars.as_view(), name="calendars"),
    path("calendars/propose/", calendars.ProposeCalendar.as_view(), name="propose-calendar"),
    path("calendars/<uuid:key>/", calendars.CalendarPage.as_view(), name="calendar"),
    path(
        "calendars/<uuid:key>/confirm/",
        calendars.ConfirmCalendar.as_view(),
        name="confirm-calendar",
    ),
    path(
        "calendars/<uuid:key>/withdraw/",
        calendars.WithdrawCalendar.as_view(),
        name="withdraw-calendar",
    ),
    path("instruments/", instruments.Instruments.as_view(), name="instruments"),
    path("instruments/<uuid:key>/", instruments.InstrumentPage.as_view(), name="instrument"),
    path(
        "instruments/<uuid:key>/confirm/",
        instruments.ConfirmInstrument.as_view(),
        name="confirm-instrument",
    ),
    path(
        "instruments/<uuid:key>/withdraw/",
        instruments.WithdrawInstrument.as_view(),
        name="withdraw-instrument",
    ),
]
