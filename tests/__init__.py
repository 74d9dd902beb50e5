"""Tests."""

import os
import sys

# Kernels of notebooks, workers and services are started by the dozen, and each would compile all
# that it imports: it is compiled once, beside what numba keeps there.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
