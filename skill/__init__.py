"""Askable: turns an article into a voice skill whose every spoken sentence has a source."""

import os

__version__ = "0.1.0"

# Matrices here are small: more threads only wait for each other, and take long to start. numpy's
# OpenBLAS looks once, when it is imported; whoever has set it otherwise is left alone.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
