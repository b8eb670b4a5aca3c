"""Formats of dates on staff pages; a language that is not here, and what a module leaves out, is Django's."""
