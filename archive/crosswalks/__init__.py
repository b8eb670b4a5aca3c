"""Crosswalks: one plain record of an item to the formats of other libraries' software. Pure: no database, request, clock or settings."""
