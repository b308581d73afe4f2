"""Addresses of the use of licences, by who goes there."""

from usage.mandates.pages import urls as mandate_urls
from usage.presenting.pages import urls as presentation_urls
from usage.verifying.pages import urls as verifying_urls
from usage.wallet.pages import urls as wallet_urls
from usage.window.pages import urls as window_urls

app_name = "usage"

urlpatterns = [
    *verifying_urls.urlpatterns,
    *wallet_urls.urlpatterns,
    *presentation_urls.urlpatterns,
    *mandate_urls.urlpatterns,
    *window_urls.urlpatterns,
]
