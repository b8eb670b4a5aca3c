"""Rights and credit, written into a copy while it is delivered: the shared derivative knows no item, and masters are never altered."""
