"""IIIF Presentation API 3.0: manifests of items and collections of them."""
