"""`make.py bench`: every benchmark that needs nothing but the program, one after the other, each with its table.

    python -m benchmarks [NAME …]         reading, serving, pages, store, matching_cost; none: all of them
    python -m benchmarks NAME WORD …      one of the others, which take long, or a folder of calendars or of worlds;
                                          or one of these with words of its own: matching_cost --arrival --worlds DIR

A figure counts as a ratio within one run. Labelled worlds: `make bench ARGS="matching --worlds DIR --pairs FILE"`.
"""

import os
import subprocess
import sys
from itertools import takewhile
from pathlib import Path

ROOT = Path(__file__).parent.parent
BENCHMARKS = {
    "reading": ["benchmarks/reading.py"],
    "serving": ["benchmarks/serving.py"],
    "pages": ["benchmarks/pages.py"],
    "store": ["-m", "benchmarks.store"],
    "matching_cost": ["benchmarks/matching_cost.py", "--cost", "10000", "100000"],
}
OTHERS = {
    "agreement": ["benchmarks/agreement.py"],
    "answers": ["-m", "benchmarks.answers"],
    "cold_merge": ["benchmarks/cold_merge.py"],
    "corpus": ["benchmarks/corpus.py"],
    "crash": ["-m", "benchmarks.crash"],
    "days": ["-m", "benchmarks.days"],
    "deciding": ["benchmarks/deciding.py"],
    "fit_matching": ["benchmarks/fit_matching.py"],
    "flood": ["-m", "benchmarks.flood"],
    "formats_corpus": ["benchmarks/formats_corpus.py"],
    "identity": ["benchmarks/identity.py"],
    "matching": ["benchmarks/matching.py"],
    "one_change": ["benchmarks/one_change.py"],
    "paint": ["-m", "benchmarks.paint"],
    "possible": ["benchmarks/possible.py"],
    "schedulers": ["-m", "benchmarks.schedulers"],
}


def main(words: list[str]) -> int:
    """Run the named benchmarks, or all; 2 for a name that there is not, else how many failed."""
    alone = words[:1] and (words[0] in OTHERS or "".join(words[1:2]).startswith("-"))
    if alone and (command := OTHERS.get(words[0]) or BENCHMARKS.get(words[0])):
        return _run([*takewhile(lambda word: not word.startswith("--"), command), *words[1:]])
    if wrong := [name for name in words if name not in BENCHMARKS]:
        print(f"no benchmark {', '.join(wrong)}; there are {', '.join([*BENCHMARKS, *OTHERS])}", file=sys.stderr)
        return 2
    failed = 0
    for name in words or BENCHMARKS:
        print(f"\n{name}", flush=True)
        failed += _run(BENCHMARKS[name]) != 0
    return failed


def _run(command: list[str]) -> int:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=environment).returncode  # noqa: S603 - our own files


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
