"""Names the Celery app, so that tasks and rings find it."""

from zezhou_portal.celery import app as celery_app

__all__ = ["celery_app"]
