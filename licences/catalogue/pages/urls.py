"""Routes of the catalogue desks."""

from django.urls import path

from licences.catalogue.pages import editor_views, entry_views, publishing_views

_DESK = "catalogue-desk/"
_ENTRY = f"{_DESK}<uuid:key>/"
_BUREAU = f"{_DESK}publishing/"
_CHECKED = f"{_BUREAU}<uuid:key>/"

routes = [
    path(_DESK, entry_views.EntryList.as_view(), name="entries"),
    path(f"{_DESK}new/", editor_views.NewEntry.as_view(), name="new-entry"),
    path(_ENTRY, entry_views.EntryPage.as_view(), name="entry"),
    path(f"{_ENTRY}edit/", editor_views.EditEntry.as_view(), name="edit-entry"),
    path(f"{_ENTRY}edition/", entry_views.NewEdition.as_view(), name="new-edition"),
    path(f"{_ENTRY}submit/", entry_views.SubmitEntry.as_view(), name="submit-entry"),
    path(f"{_ENTRY}discard/", entry_views.DiscardEntry.as_view(), name="discard-entry"),
    path(f"{_ENTRY}specimen.svg", entry_views.EntrySpecimen.as_view(), name="entry-specimen"),
    path(_BUREAU, publishing_views.PublishingList.as_view(), name="publishing"),
    path(_CHECKED, publishing_views.PublishingPage.as_view(), name="publishing-entry"),
    path(f"{_CHECKED}publish/", publishing_views.PublishEntry.as_view(), name="publish-entry"),
    path(f"{_CHECKED}send-back/", publishing_views.SendBackEntry.as_view(), name="send-back-entry"),
    path(f"{_CHECKED}withdraw/", publishing_views.WithdrawEntry.as_view(), name="withdraw-entry"),
]
