"""A developer's machine and the sample county."""

from sample_county.identity.environment import named_in_environment
from zezhou_portal.settings import identity
from zezhou_portal.settings.base import *  # noqa: F403
from zezhou_portal.settings.base import INSTALLED_APPS
from zezhou_portal.settings.base import PORTAL_IDENTITY as _SERVICES
from zezhou_portal.settings.base import SECRET_KEY as _KEY

INSTALLED_APPS = [*INSTALLED_APPS, "sample_county.apps.SampleCountyConfig"]
SECRET_KEY = _KEY or "development-only-not-a-secret"
# Nothing configured: the sample identity service, where
# `python -m sample_county.identity` listens by itself.
PORTAL_IDENTITY = _SERVICES or identity.providers(named_in_environment("http://127.0.0.1:8091"))
