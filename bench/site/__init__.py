"""Pages of the public site over a whole archive: what the page of an item costs, and what others cost beside it."""
