"""How long a librarian waits from the last byte of an upload until a visitor sees a thumbnail."""
