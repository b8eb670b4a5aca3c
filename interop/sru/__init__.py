"""SRU 1.1, 1.2 and 2.0: searching by partners' catalogues, in CQL."""
