#!/usr/bin/env python3
"""Sets everything up and does one thing: `python3 make.py run | test | check | bench`. Needs Python 3.11, nothing else.

It makes `.venv` beside this file and installs a lock into it, every hash checked; further words go to what is started.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent
PYTHON = ROOT / ".venv" / "bin" / "python"
RECENT = "import sys; sys.exit(sys.version_info < (3, 11))"
SIDE_BY_SIDE = ["-n", "auto", "--maxprocesses=4", "--dist=loadfile"]  # a file of tests shares its browser and corpus
WORDS = {
    "run": [[PYTHON, "server.py"]],
    "test": [[PYTHON, "-m", "tests.machine"], [PYTHON, "-m", "pytest", *SIDE_BY_SIDE]],
    "check": [[PYTHON, "-m", "ruff", "check"], [PYTHON, "-m", "ruff", "format", "--check"], [PYTHON, "-m", "mypy"]],
    "bench": [[PYTHON, "-m", "benchmarks"]],
}


def call(*command: object, quiet: bool = False) -> int:
    """Run one command in the project's folder and give its exit code."""
    away = subprocess.DEVNULL if quiet else None
    return subprocess.run([str(word) for word in command], cwd=ROOT, stdout=away, stderr=away).returncode


def pip_of_debian() -> list[object]:
    """Debian keeps `ensurepip` in a package of its own: unpack the wheel of its pip into `.venv`, as any user."""
    with tempfile.TemporaryDirectory() as folder:
        apt = f"apt-get -qq -o Dir::State::lists='{folder}' -o Dir::Cache='{folder}' -o APT::Sandbox::User=root"
        steps = f"cd '{folder}' && {apt} update && {apt} download python3-pip-whl && dpkg-deb -x *.deb pip"
        if not shutil.which("apt-get") or call("sh", "-c", steps):
            sys.exit(
                "This Python has no ensurepip: install it (on Debian, `apt-get install python3-venv`), then try again."
            )
        shutil.copytree(Path(folder) / "pip/usr/share/python-wheels", ROOT / ".venv/wheels", dirs_exist_ok=True)
    return [PYTHON, next((ROOT / ".venv/wheels").glob("pip-*.whl")) / "pip"]


def pip() -> list[object]:
    """The words that run pip inside `.venv`, which is made if there is none with a Python that runs."""
    usable = PYTHON.exists() and call(PYTHON, "-c", RECENT) == 0
    if not usable and call(sys.executable, "-m", "venv", "--clear", "--without-pip", ROOT / ".venv"):
        sys.exit("The virtual environment could not be made; the lines above tell why.")
    have = call(PYTHON, "-m", "pip", "--version", quiet=True) == 0
    if not have and importlib.util.find_spec("ensurepip"):
        have = call(PYTHON, "-m", "ensurepip", quiet=True) == 0
    return [PYTHON, "-m", "pip"] if have else pip_of_debian()


def install(lock: str) -> None:
    """Bring `.venv` to what `lock` says, unless it was brought there before."""
    stamp = ROOT / ".venv" / f"{lock}.done"
    what = str(ROOT).encode() + (ROOT / lock).read_bytes() + (ROOT / "pyproject.toml").read_bytes()
    wanted = hashlib.sha256(what).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted and call(PYTHON, "-c", RECENT) == 0:
        return
    print(f"Installing {lock} into .venv; this takes a minute or two.", file=sys.stderr)
    run = [*pip(), "install", "--quiet", "--disable-pip-version-check"]
    if call(*run, "--require-hashes", "-r", lock) or call(*run, "--no-deps", "--no-build-isolation", "-e", "."):
        sys.exit("The packages could not be installed; the lines above tell why.")
    stamp.write_text(wanted)


def main() -> int:
    """Install, then run the commands of the word, the last one in this process, so that signals reach it."""
    if sys.version_info < (3, 11):
        sys.exit("Evenemang needs Python 3.11 or newer.")
    if not sys.argv[1:] or sys.argv[1] not in WORDS:
        print(f"Say one of: {', '.join(WORDS)}", file=sys.stderr)
        return 2
    install("requirements.lock" if sys.argv[1] == "run" else "requirements-dev.lock")
    *before, last = WORDS[sys.argv[1]]
    if any(call(*step) for step in before):
        return 1
    os.chdir(ROOT)
    return os.execv(PYTHON, [*map(str, last), *sys.argv[2:]])


if __name__ == "__main__":
    sys.exit(main())
