"""What a small box must have in memory before anybody asks anything."""
