"""Configuration of Nhà Rông: settings, addresses, the web and worker entry points. No behaviour."""

from heritage.celery import app as celery_app

__all__ = ["celery_app"]
