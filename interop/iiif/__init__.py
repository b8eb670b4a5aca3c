"""IIIF: pictures to look into, for any viewer."""
