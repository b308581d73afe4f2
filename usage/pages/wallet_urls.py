"""Addresses of the holder's wallet (M.20, P.2.3.4, P.2.3.5)."""

from django.urls import path

from usage.pages import (
    wallet_card_views,
    wallet_history_views,
    wallet_install,
    wallet_message_views,
    wallet_views,
)

_LICENCE = "wallet/licences/<uuid:key>/"

urlpatterns = [
    path("wallet/", wallet_views.Wallet.as_view(), name="wallet"),
    path(_LICENCE, wallet_card_views.CardPage.as_view(), name="card"),
    path(f"{_LICENCE}face.svg", wallet_card_views.CardFace.as_view(), name="card-face"),
    path(f"{_LICENCE}file/", wallet_card_views.CardFile.as_view(), name="card-file"),
    path(f"{_LICENCE}copy/", wallet_card_views.CardCopy.as_view(), name="card-copy"),
    path(f"{_LICENCE}copies/", wallet_card_views.Copies.as_view(), name="copies"),
    path(f"{_LICENCE}copies/<uuid:copy>/", wallet_card_views.CopyFile.as_view(), name="copy-file"),
    path(
        f"{_LICENCE}copies/<uuid:copy>/end/", wallet_card_views.EndCopy.as_view(), name="end-copy"
    ),
    path(f"{_LICENCE}changes/", wallet_history_views.Changes.as_view(), name="card-changes"),
    path(f"{_LICENCE}uses/", wallet_history_views.Uses.as_view(), name="card-uses"),
    path(f"{_LICENCE}switch-off/", wallet_card_views.SwitchOff.as_view(), name="showing-off"),
    path(f"{_LICENCE}switch-on/", wallet_card_views.SwitchOn.as_view(), name="showing-on"),
    path("wallet/messages/", wallet_message_views.Messages.as_view(), name="holder-inbox"),
    path(
        "wallet/messages/read/", wallet_message_views.ReadMessages.as_view(), name="messages-read"
    ),
    path(
        "wallet/messages/<uuid:key>/read/",
        wallet_message_views.ReadMessage.as_view(),
        name="message-read",
    ),
    path("wallet/mine/", wallet_views.Mine.as_view(), name="mine"),
    path("wallet/stay/", wallet_views.Stay.as_view(), name="stay"),
    path("wallet/offline/", wallet_install.Offline.as_view(), name="offline"),
    path("manifest.webmanifest", wallet_install.Manifest.as_view(), name="manifest"),
    path("service-worker.js", wallet_install.ServiceWorker.as_view(), name="service-worker"),
]
