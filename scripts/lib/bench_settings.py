"""Settings of the measured web server: the portal's own, and two bare views beside it.

One proxy is believed, so that every request of the measure can come from an address of its own:
the limit of looks is counted as ever, and never reached.
"""

from zezhou_portal.settings.development import *  # noqa: F403

ROOT_URLCONF = "scripts.lib.bench_urls"
PORTAL_PROXIES = 1
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
