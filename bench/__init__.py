"""Benchmarks: one folder each, run by `make bench`. They measure and write down; none passes or fails by the clock."""
