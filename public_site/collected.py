"""Which static files of the installed packages are collected."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class CollectedFiles(StaticFilesConfig):
    """Leaves out what no page of ours uses: DRF's browsable pages and Redoc. They would take most of the time of collecting."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "rest_framework", "redoc"]
