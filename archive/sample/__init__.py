"""The sample collection: sixty made-up items whose files this package draws, plays and sets by itself.

Nothing here is a recording of anything. Every file says so where people look (in the picture, on the page, in the
frame) and where software looks (in the metadata), so that no copy of it can be taken for a document of a real village.
The generators are pure and seeded: the same libraries give the same bytes.
"""
