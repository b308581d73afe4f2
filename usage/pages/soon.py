"""A page that stands in for one that is being built."""

from django.http import HttpRequest, HttpResponse

from zezhou_portal.parties.pages.base import PortalView


class Soon(PortalView):
    """Nothing yet."""

    public = "because it shows nothing"

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:  # noqa: ARG002
        """Say so."""
        return HttpResponse("正在做", content_type="text/plain; charset=utf-8")
