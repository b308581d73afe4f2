"""What is true everywhere. Values that differ between machines come from the environment."""

import os
from datetime import timedelta
from pathlib import Path

from zezhou_portal import logs
from zezhou_portal.regulation.limits import ASK_AGAIN_AFTER, REMINDER_DAYS
from zezhou_portal.settings import env, identity

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = env.folder("PORTAL_VAR", BASE_DIR / "var")

SECRET_KEY = env.secret("PORTAL_SECRET_KEY", "")
DEBUG = False
ALLOWED_HOSTS = env.words("PORTAL_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("PORTAL_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "django_linear_migrations",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "zezhou_portal.apps.PortalConfig",
    "audit.trail.apps.TrailConfig",
    "zezhou_portal.parties.apps.PartiesConfig",
    "audit.deadlines.apps.DeadlinesConfig",
    "zezhou_portal.exchange.apps.ExchangeConfig",
    "seals.apps.SealsConfig",
    "licences.apps.LicencesConfig",
    "usage.apps.UsageConfig",
]

MIDDLEWARE = [
    "zezhou_portal.site.browsers.PermissionsMiddleware",
    "zezhou_portal.site.problems.OneShapeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "zezhou_portal.site.middleware.RequestIdMiddleware",
    "zezhou_portal.site.middleware.AnnouncedMiddleware",
    "zezhou_portal.site.middleware.WithoutNullsMiddleware",
    "csp.middleware.CSPMiddleware",
    # outside the session: it sees the cookie that the session sets
    "zezhou_portal.site.browsers.NothingKeptMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "zezhou_portal.site.middleware.ProlongedSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    # before whoever looks for a token in the body
    "zezhou_portal.site.body_sizes.BodySizeMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "zezhou_portal.site.browsers.NothingLeftMiddleware",
    "zezhou_portal.site.middleware.ActingPartyMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "zezhou_portal.site.problems.ProblemMiddleware",
]

ROOT_URLCONF = "zezhou_portal.urls"
WSGI_APPLICATION = "zezhou_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["zezhou_portal.templatetags.portal"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "zezhou_portal.site.shell.shell",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Two connections to one database: a refused act is recorded on the second one, outside the
# transaction that the refusal rolls back (M.25).
# A database that is away is said so within seconds; a page's question has half a minute (wsgi.py),
# a worker's what its environment says, a command's as long as it takes (0).
PORTAL_STATEMENT_SECONDS = env.number("PORTAL_STATEMENT_SECONDS", 0)
_DATABASE = {
    **env.within(
        env.database(env.secret("DATABASE_URL", "postgresql:///portal")),
        PORTAL_STATEMENT_SECONDS,
    ),
    "CONN_MAX_AGE": 600,
    "CONN_HEALTH_CHECKS": True,
}
DATABASES = {"default": _DATABASE, "refusals": {**_DATABASE, "TEST": {"MIRROR": "default"}}}
DATABASE_ROUTERS = ["zezhou_portal.kernel.routing.OneDatabase"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.secret("REDIS_URL", "redis://localhost:6379/0")
# How many seconds a Redis that hangs may cost: a page one, a worker what its environment says.
PORTAL_REDIS_SECONDS = env.number("PORTAL_REDIS_SECONDS", 1)
REDIS_TIMES = {
    "socket_timeout": PORTAL_REDIS_SECONDS,
    "socket_connect_timeout": min(PORTAL_REDIS_SECONDS, 2),
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {**REDIS_TIMES, "serializer": "zezhou_portal.kernel.json_values.JsonValues"},
    }
}
# By how many seconds a machine's clock may differ from the database's before sealing and ending
# stop (ours; 0: not asked); how much room must be left on the disks; who may read /metrics.
PORTAL_CLOCK_SECONDS = env.number("PORTAL_CLOCK_SECONDS", 60)
PORTAL_FREE_MEGABYTES = env.number("PORTAL_FREE_MEGABYTES", 2048)
PORTAL_METRICS_TOKEN = env.secret("PORTAL_METRICS_TOKEN", "")
# What the names of counters begin with: two portals on one Redis need two.
PORTAL_COUNTERS = env.text("PORTAL_COUNTERS", "portal")

AUTH_USER_MODEL = "parties.Account"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "parties:log-in"
LOGIN_REDIRECT_URL = "portal:desk"
LOGOUT_REDIRECT_URL = "portal:home"
# Idle time-out of level 3 practice (GB/T 22239): sliding, renewed by every request, and written
# down once a minute (ProlongedSessionMiddleware).
SESSION_COOKIE_AGE = int(timedelta(minutes=env.number("PORTAL_IDLE_MINUTES", 20)).total_seconds())
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
OTP_TOTP_ISSUER = "泽州县电子证照门户"
# Staff need a second factor; a machine where it is off says so in its own environment.
PORTAL_SECOND_FACTOR = env.flag("PORTAL_SECOND_FACTOR", default=True)
# After how long the second factor is asked again before an act of weight.
PORTAL_ASK_AGAIN = timedelta(
    minutes=env.number("PORTAL_ASK_AGAIN_MINUTES", int(ASK_AGAIN_AFTER.total_seconds()) // 60)
)
# The rooms whose work waits for people, in the order of the desk; each module has a `ROOM`. Asked
# for the figures of the rail, by the desk, and when somebody leaves or a department closes.
PORTAL_WAITING_WORK = [
    "licences.applications.waiting",
    "licences.stock.waiting",
    "licences.catalogue.waiting",
    "usage.verifying.waiting",
    "usage.mandates.waiting",
    "seals.custody.waiting",
    "zezhou_portal.exchange.waiting",
    "audit.deadlines.waiting",
    "zezhou_portal.parties.holders.waiting",
    "zezhou_portal.parties.calendars.waiting",
    "zezhou_portal.parties.instruments.waiting",
    "zezhou_portal.parties.staff.waiting",
    "zezhou_portal.parties.notices.waiting",
]

# The rooms whose work waits for workers: each module has its `QUEUES` (kernel.queues).
PORTAL_WORK_QUEUES = [
    "zezhou_portal.parties.notices.queues",
    "zezhou_portal.parties.mandates.queues",
    "audit.deadlines.queues",
    "zezhou_portal.exchange.queues",
    "licences.queues",
    "usage.queues",
]

# Who says anew what a message tells of its subject, by the kind of subject: asked when a refused
# message is mended. The exchange lies under the rooms that it carries for.
PORTAL_MESSAGE_COMPOSERS = {"licence": "licences.register.collection.content_now"}

# Which assurance level of a real-name check opens a wallet: 1 to 4; 2 is a number checked against
# the population register (ours; provinces name the levels L1 to L4).
PORTAL_ASSURANCE_LEVEL = env.number("PORTAL_ASSURANCE_LEVEL", 2)
# The gateway for texts to phones; without an address texts lie in VAR_DIR/texts, numbers masked.
PORTAL_TEXTS_ADDRESS = env.text("PORTAL_TEXTS_ADDRESS", "")
PORTAL_TEXTS_SECRET = env.secret("PORTAL_TEXTS_SECRET", "")
# The identity services that holders sign in through (M.20); settings/identity.py says how they
# are named in the environment. None: the sign-in page says so and whom to turn to.
PORTAL_IDENTITY = identity.providers(os.environ)
# When another legal representative signs in, what the former one gave ends with their office
# (ours). No: mandates go on until their last day.
PORTAL_MANDATES_END_WITH_REPRESENTATIVE = env.flag(
    "PORTAL_MANDATES_END_WITH_REPRESENTATIVE", default=True
)
# The catalogue's type code of the 出生医学证明, by which parents add a child: the sample county has
# a placeholder under the bureau's own code until the national one is entered.
PORTAL_BIRTH_CERTIFICATE = env.text("PORTAL_BIRTH_CERTIFICATE", "1114052529141777X1014")
# What a window records of who acts for whom waits so many days to be confirmed, and one clerk may
# record so many a day (ours).
PORTAL_MANDATE_CONFIRM_DAYS = env.number("PORTAL_MANDATE_CONFIRM_DAYS", 5)
PORTAL_WINDOW_MANDATES_A_DAY = env.number("PORTAL_WINDOW_MANDATES_A_DAY", 10)
# How many days before a licence's last day its holders are reminded (P.2.3.5; ours: 60, 30, 7).
PORTAL_REMINDER_DAYS = tuple(
    int(word) for word in env.words("PORTAL_REMINDER_DAYS", ",".join(map(str, REMINDER_DAYS)))
)

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "zezhou_portal.kernel.static.KeptAddresses"},
}
# Licence files, attachments and sheets live under their digest; nothing is served from here.
PORTAL_FILES = env.folder("PORTAL_FILES", VAR_DIR / "files")
PORTAL_KEYS = env.folder("PORTAL_KEYS", VAR_DIR / "keys")
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
# Uploads while they are judged. Web and worker share the folder: what a killed process leaves
# behind is swept (portal.erase_old_uploads).
PORTAL_UPLOADS = env.folder("PORTAL_UPLOADS", VAR_DIR / "uploads")
FILE_UPLOAD_TEMP_DIR = str(PORTAL_UPLOADS)
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

# Where people find the portal: printed as QR on every face, so it is configuration.
PORTAL_ADDRESS = env.text("PORTAL_ADDRESS", "http://127.0.0.1:8000")
# How many proxies of our own stand in front: the address that counts as a caller's is the one
# that the outermost of them wrote into X-Forwarded-For. 0: nobody's word is taken for it.
PORTAL_PROXIES = env.number("PORTAL_PROXIES", 0)
# From where the last of them may come, as networks: this machine and private networks (ours).
PORTAL_PROXY_NETWORKS = env.networks(
    "PORTAL_PROXY_NETWORKS",
    "127.0.0.0/8,::1/128,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7",
)
# How many short numbers one network, or one account, may try within ten minutes, by page and
# interface together; and how many wrong ones may come from strangers of the whole county (ours).
PORTAL_SHORT_NUMBERS = env.number("PORTAL_SHORT_NUMBERS", 20)
PORTAL_SHORT_NUMBERS_OF_ALL = env.number("PORTAL_SHORT_NUMBERS_OF_ALL", 600)
CITY_ADDRESS = env.text("CITY_ADDRESS", "http://127.0.0.1:8090")
CITY_SHARED_SECRET = env.secret("CITY_SHARED_SECRET", "")
# Whom the portal may reach without TLS because the network between them is closed (`database`,
# `city`, `texts`); and whether the deploy checks stop the start (production).
PORTAL_CLOSED_NETWORK = env.among("PORTAL_CLOSED_NETWORK", ("database", "city", "texts"))
PORTAL_STARTS_CHECKED = False

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        # the holder's wallet can be installed: its manifest and its service worker are ours
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["zezhou_portal.pagekit.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
    "EXCEPTION_HANDLER": "zezhou_portal.pagekit.problem_details.handled",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "泽州县电子证照门户",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "zezhou_portal.pagekit.problem_details.describe",
    ],
    "ENUM_NAME_OVERRIDES": {"BottomLineEnum": "usage.verifying.api.serializers.VERDICTS"},
}

LOGGING_CONFIG = "zezhou_portal.logs.configure"
LOGGING = logs.logging_of(env.text("PORTAL_LOG", "json"), env.text("PORTAL_LOG_LEVEL", "INFO"))

# Ours: capture, review and sign-off are three people's. A small township may join the last two.
PORTAL_REVIEWER_MAY_SIGN_OFF = env.flag("PORTAL_REVIEWER_MAY_SIGN_OFF", default=False)

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
