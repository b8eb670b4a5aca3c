"""IIIF Content Search 2.0 and 1.0: where words stand on the pages of an item, and when they are said in its recordings."""
