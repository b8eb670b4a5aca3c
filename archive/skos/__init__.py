"""Subjects as SKOS, in and out: what other libraries and tools of thesauri read and write. Hidden labels leave by an option only."""
