"""From the rows of a table to items: finding what they name, checking all they say, loading what is right.

A row knows nothing of how its table is laid out beyond `archive.tables.columns`: mappings of one's own, updates of items that are here, and
taking back a load come between the two.
"""
