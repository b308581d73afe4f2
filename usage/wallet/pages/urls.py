"""Addresses of the holder's wallet (M.20, P.2.3.4, P.2.3.5)."""

from django.urls import path

from usage.wallet.pages import card_views, history_views, install, message_views
from usage.wallet.pages import views as wallet_views

_LICENCE = "wallet/licences/<uuid:key>/"

urlpatterns = [
    path("wallet/", wallet_views.Wallet.as_view(), name="wallet"),
    path(_LICENCE, card_views.CardPage.as_view(), name="card"),
    path(f"{_LICENCE}face.svg", card_views.CardFace.as_view(), name="card-face"),
    path(f"{_LICENCE}file/", card_views.CardFile.as_view(), name="card-file"),
    path(f"{_LICENCE}copy/", card_views.CardCopy.as_view(), name="card-copy"),
    path(f"{_LICENCE}copies/", card_views.Copies.as_view(), name="copies"),
    path(f"{_LICENCE}copies/<uuid:copy>/", card_views.CopyFile.as_view(), name="copy-file"),
    path(f"{_LICENCE}copies/<uuid:copy>/end/", card_views.EndCopy.as_view(), name="end-copy"),
    path(f"{_LICENCE}changes/", history_views.Changes.as_view(), name="card-changes"),
    path(f"{_LICENCE}uses/", history_views.Uses.as_view(), name="card-uses"),
    path(f"{_LICENCE}switch-off/", card_views.SwitchOff.as_view(), name="presentation-off"),
    path(f"{_LICENCE}switch-on/", card_views.SwitchOn.as_view(), name="presentation-on"),
    path("wallet/messages/", message_views.Messages.as_view(), name="holder-inbox"),
    path("wallet/messages/read/", message_views.ReadMessages.as_view(), name="messages-read"),
    path(
        "wallet/messages/<uuid:key>/read/",
        message_views.ReadMessage.as_view(),
        name="message-read",
    ),
    path("wallet/mine/", wallet_views.Mine.as_view(), name="mine"),
    path("wallet/stay/", wallet_views.Stay.as_view(), name="stay"),
    path("wallet/offline/", install.Offline.as_view(), name="offline"),
    path("manifest.webmanifest", install.Manifest.as_view(), name="manifest"),
    path("service-worker.js", install.ServiceWorker.as_view(), name="service-worker"),
]
