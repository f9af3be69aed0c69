"""Comparison of references, status and figures with what databases say: ``make verify``."""
