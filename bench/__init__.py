"""Benchmarks: ratios to a floor of the same run. `make bench` writes docs/benchmarks.md."""
