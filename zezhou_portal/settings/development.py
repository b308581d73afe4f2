"""A developer's machine and the sample county."""

from zezhou_portal.settings.base import *  # noqa: F403
from zezhou_portal.settings.base import SECRET_KEY as _KEY

SECRET_KEY = _KEY or "development-only-not-a-secret"
