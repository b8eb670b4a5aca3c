"""python -m bench [NAME…] [--pairs N]: runs the benchmarks and writes bench/RESULTS.md."""

import sys

from bench.run import main

sys.exit(main(sys.argv[1:]))
