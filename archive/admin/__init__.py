"""The curator's desk: Django's admin, made ours."""
