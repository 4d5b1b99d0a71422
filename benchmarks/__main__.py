"""`make.py bench`: every benchmark that needs nothing but the program, one after the other, each with its table.

    python -m benchmarks [NAME …]         reading, serving, store, matching_cost; none: all of them

A figure counts as a ratio within one run. Those that measure on collected calendars or on labelled worlds take a
folder and are run by hand: corpus, formats_corpus, matching, identity, fit_matching; so are crash and schedulers,
which take long.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
BENCHMARKS = {
    "reading": ["benchmarks/reading.py"],
    "serving": ["benchmarks/serving.py"],
    "store": ["-m", "benchmarks.store"],
    "matching_cost": ["benchmarks/matching_cost.py", "--cost", "10000", "100000"],
}


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all; 2 for a name that there is not, else how many failed."""
    if wrong := [name for name in names if name not in BENCHMARKS]:
        print(f"no benchmark {', '.join(wrong)}; there are {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    failed = 0
    for name in names or BENCHMARKS:
        print(f"\n{name}", flush=True)
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, *BENCHMARKS[name]]
        failed += subprocess.run(command, cwd=ROOT, env=environment).returncode != 0  # noqa: S603 - our own files
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
