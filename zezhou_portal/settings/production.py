"""The county's server: secrets must be given, cookies travel over TLS only."""

from urllib.parse import urlsplit

from zezhou_portal.settings import env
from zezhou_portal.settings.base import *  # noqa: F403
from zezhou_portal.settings.base import ALLOWED_HOSTS as _HOSTS
from zezhou_portal.settings.base import PORTAL_ADDRESS as _ADDRESS
from zezhou_portal.settings.base import PORTAL_IDENTITY as _SERVICES

# What is missing stops the start (zezhou_portal/checks.py).
PORTAL_STARTS_CHECKED = True
# The address that faces print is always ours; the machine's own health checks ask localhost.
ALLOWED_HOSTS = [*_HOSTS, *filter(None, (urlsplit(_ADDRESS).hostname, "localhost"))]

SECRET_KEY = env.secret("PORTAL_SECRET_KEY")
CITY_SHARED_SECRET = env.secret("CITY_SHARED_SECRET")
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# A browser takes these names only over TLS, for the whole site and from this host itself: a
# neighbour under the same domain can plant neither.
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
SECURE_SSL_REDIRECT = env.flag("PORTAL_SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True

# Whoever chooses a name there is let in as that person: not on a county's own server.
if any(_one.is_sample for _one in _SERVICES.values()):
    raise env.BadSetting("the sample identity service is for development only")
