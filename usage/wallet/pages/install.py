"""What makes the wallet installable: manifest, service worker, the page without a network (M.20).

The worker keeps static files and that one page: never a page with anybody's data on it, so what
was once opened on a phone does not stay there.
"""

import hashlib
import json
from pathlib import Path

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse

from zezhou_portal.pagekit.views import PortalView

_WORKER = Path(__file__).with_name("service_worker.js")
# What the first page of the wallet is made of.
KEPT = (
    "vendor/bootstrap.min.css",
    "css/tokens.css",
    "css/base.css",
    "css/layout.css",
    "css/components.css",
    "css/pages.css",
    "css/elder.css",
    "css/print.css",
    "js/main.js",
    "img/icons.svg",
    "img/logo.svg",
    "img/card-azure.svg",
    "img/card-bamboo.svg",
    "img/card-crimson.svg",
    "img/card-ochre.svg",
)
_ICONS = (
    ("img/icon-192.png", "192x192", "any"),
    ("img/icon-512.png", "512x512", "any"),
    ("img/icon-maskable-512.png", "512x512", "maskable"),
)
# The paper and the head of tokens.css, for what the phone draws before the page is there.
_PAPER, _HEAD = "#f6f4ee", "#ffffff"


class Manifest(PortalView):
    """How a phone puts the wallet on its first screen."""

    public = "because a browser asks for it before anybody has signed in"

    def get(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002
        body = {
            "id": reverse("usage:wallet"),
            "name": "泽州县电子证照",
            "short_name": "泽州证照",
            "description": "看证照、亮证、下载加注件",
            "lang": "zh-CN",
            "start_url": reverse("usage:wallet"),
            "scope": "/",
            "display": "standalone",
            "background_color": _PAPER,
            "theme_color": _HEAD,
            "icons": [
                {"src": static(path), "sizes": sizes, "type": "image/png", "purpose": purpose}
                for path, sizes, purpose in _ICONS
            ],
            "shortcuts": [
                {"name": "亮证", "url": reverse("usage:show")},
                {"name": "查验真伪", "url": reverse("usage:verify")},
            ],
        }
        return JsonResponse(
            body,
            content_type="application/manifest+json",
            json_dumps_params={"ensure_ascii": False},
        )


class ServiceWorker(PortalView):
    """The worker's script, told what to keep: another list is another version."""

    public = "because a browser asks for it before anybody has signed in"

    def get(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002
        """The script, from the root so that its scope is the whole portal; always asked anew."""
        offline = reverse("usage:offline")
        kept = [offline, *(static(path) for path in KEPT)]
        code = _WORKER.read_text(encoding="utf-8")
        named = hashlib.sha256((json.dumps(kept) + code).encode()).hexdigest()[:16]
        told = (
            f"const VERSION = {json.dumps(named)};\n"
            f"const KEPT = {json.dumps(kept)};\n"
            f"const OFFLINE = {json.dumps(offline)};\n"
        )
        answer = HttpResponse(told + code, content_type="text/javascript; charset=utf-8")
        answer["Cache-Control"] = "no-cache"
        return answer


class Offline(PortalView):
    """What an installed wallet shows without a network: words only, nobody's data."""

    public = "because it says only that there is no network"
    template_name = "usage/wallet/offline.html"

    def get(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002
        return self.render()
