"""Addresses of the use of licences, by who goes there."""

from usage.pages import check_urls, mandate_urls, public_urls, showing_urls, wallet_urls

app_name = "usage"

urlpatterns = [
    *public_urls.urlpatterns,
    *wallet_urls.urlpatterns,
    *showing_urls.urlpatterns,
    *mandate_urls.urlpatterns,
    *check_urls.urlpatterns,
]
