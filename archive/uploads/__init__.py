"""Uploads by tus 1.0.0, with creation, creation-with-upload, checksum, expiration and termination."""
