"""The index of the search alone, over a million made-up documents."""
