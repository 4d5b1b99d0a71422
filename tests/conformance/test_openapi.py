"""`/openapi.json` is true: it has every address for programs, and schemathesis finds no answer that it leaves out."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from time import monotonic

import pytest

from aggregator.catalogue import Catalogue
from aggregator.compose import Program
from aggregator.web.app import ROUTES, create_app
from aggregator.web.feeds import PATHS
from aggregator.web.programs import ELSEWHERE
from tests.conformance import bodies
from tests.web.served import base_of, listening, serving

CONFIG = Path(__file__).parent / "schemathesis.toml"
SCHEMATHESIS = Path(sys.executable).parent / "schemathesis"
HOOKED = {**os.environ, "PYTHONPATH": str(Path(__file__).parent), "SCHEMATHESIS_HOOKS": "spans"}
EXAMPLES = 15  # of each operation and kind; more find no more, and take minutes


def test_every_address_for_programs_is_described(example: Program) -> None:
    told = json.loads(bodies.served(example, ["/openapi.json"])["/openapi.json"])["paths"]
    routes = {re.sub(r":\w+}", "}", getattr(route, "path", "")) for route in ROUTES}
    ours = {path for path in routes if re.match(r"/api/|/openapi|/changes|/(?:evenemang|serie)/.*\.ics", path)}
    assert set(told) == (ours - set(ELSEWHERE)) | set(PATHS)


def test_every_error_of_the_api_has_one_shape(example: Program) -> None:
    told = json.loads(bodies.served(example, ["/openapi.json"])["/openapi.json"])["paths"]
    for path, operation in told.items():
        for code, answer in operation["get"]["responses"].items():
            if path.startswith("/api/") and code >= "400":
                assert answer["content"] == {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}


@pytest.mark.slow
def test_schemathesis_finds_nothing(example: Program, tmp_path: Path) -> None:
    """Against the real application on loopback, over the example town; a fixed seed, so that a run can be repeated."""

    with listening() as listener:
        settings = example.settings.model_copy(update={"base_url": base_of(listener)})
        catalogue = Catalogue(example.store, example.zone, monotonic, lambda *_told: None)
        app = create_app(example.config, settings, example.store, catalogue, lambda: example.begun)
        words = ["run", f"{base_of(listener)}/openapi.json", "-n", str(EXAMPLES), "--seed", "1", "--no-shrink"]
        command = [str(SCHEMATHESIS), "--config-file", str(CONFIG), *words, "--no-color"]
        with serving(app, listener):
            done = subprocess.run(command, cwd=tmp_path, env=HOOKED, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"(\d+) generated", done.stdout), done.stdout
