"""The domain: items, their files, and what describes them. Doors stand on it; it knows none of them."""
