"""Tiles: ours, Debian's IIPImage and nginx's own files, behind one nginx, from one pyramid."""
