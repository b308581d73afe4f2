# One image for web, worker and beat, fonts included; the sample county with its stand-ins is a
# stage of its own on top (`--target sample`) and no part of what a county runs.
FROM python:3.11-slim-bookworm AS portal

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    DJANGO_SETTINGS_MODULE=zezhou_portal.settings.production \
    PORTAL_VAR=/srv/portal/var \
    PORTAL_FILES=/srv/portal/files \
    PORTAL_UPLOADS=/srv/portal/uploads \
    PORTAL_KEYS=/srv/portal/keys

# As scripts/lib/machine.py installs them: text shaping for the reading copies, the faces' fonts.
RUN apt-get update -q \
    && apt-get install -y -q --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig \
        fonts-noto-cjk fonts-lxgw-wenkai openssl \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --user-group --no-create-home --home-dir /nonexistent --uid 10001 portal \
    && install -d -o portal -g portal -m 0750 /srv/portal/var /srv/portal/files /srv/portal/uploads \
    && install -d -o portal -g portal -m 0700 /srv/portal/keys

WORKDIR /srv/portal/app
COPY requirements/base.txt requirements/base.txt
RUN python -m pip install --require-hashes --only-binary :all: -r requirements/base.txt

# Named one by one: a folder that is not named here is not in the image.
COPY manage.py ./
COPY zezhou_portal zezhou_portal
COPY audit audit
COPY seals seals
COPY licences licences
COPY usage usage
COPY templates templates
COPY static static
# The key is for this one command; the running portal is given its own.
RUN PORTAL_SECRET_KEY=build-only CITY_SHARED_SECRET=build-only \
    python manage.py collectstatic --no-input \
    && chown -R portal:portal /srv/portal/var

USER portal
EXPOSE 8000
# Web workers: two a core and one, as gunicorn advises; this is for two cores. Each answers one
# request at a time: the front waits for slow callers, and Pango does not bear threads.
ENV WEB_CONCURRENCY=5
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD \
    ["python", "-c", "import urllib.request as u; u.urlopen(u.Request('http://127.0.0.1:8000/readyz', headers={'Host': 'localhost', 'X-Forwarded-Proto': 'https'}), timeout=4)"]
CMD ["python", "-m", "gunicorn", "zezhou_portal.wsgi:application", "--bind", "0.0.0.0:8000", "--timeout", "60", "--graceful-timeout", "10", "--no-control-socket", "--max-requests", "50000", "--max-requests-jitter", "5000"]

# For demonstration with development settings: invented people and departments, a stand-in city
# and identity service.
FROM portal AS sample
COPY sample_county sample_county

# What `docker build .` gives: the portal alone.
FROM portal
