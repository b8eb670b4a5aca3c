"""IIIF Change Discovery 1.0: what happened to manifests, for who keeps an index of them."""
