"""Kyverno and Gatekeeper as their projects publish them: schemas from their Go modules, `gator` where it is installed."""

import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

KYVERNO = "github.com/kyverno/kyverno@v1.19.1"
GATEKEEPER = "github.com/open-policy-agent/gatekeeper/v3@v3.23.1"


@cache
def module(name: str) -> Path:
    """The folder of the Go module, from Go's own cache or its proxy; the test is skipped where neither has it."""
    if shutil.which("go") is None:
        pytest.skip("Go is not installed, and the published schemas come as Go modules")
    command = ["go", "mod", "download", "-json", name]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, cwd=Path.home())
    except subprocess.TimeoutExpired:
        pytest.skip(f"{name} did not come within two minutes")
    if done.returncode != 0:
        pytest.skip(f"{name} is neither in Go's cache nor to be had: {done.stdout[-200:]}")
    return Path(json.loads(done.stdout)["Dir"])


@cache
def published(name: str, file: str, version: str) -> Draft202012Validator:
    """The schema of one version of a CustomResourceDefinition; what the API server would drop silently is refused."""
    text = (module(name) / file).read_text("utf-8")
    definitions = [d for d in yaml.safe_load_all(text) if d and d["kind"] == "CustomResourceDefinition"]
    (schema,) = (
        v["schema"]["openAPIV3Schema"] for d in definitions for v in d["spec"]["versions"] if v["name"] == version
    )
    schema["properties"]["metadata"] = {"type": "object"}
    return Draft202012Validator(closed(schema))


def closed(schema: Any) -> Any:  # noqa: ANN401 - any part of a schema
    """The schema with no fields but those that it names."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: closed(value) for key, value in schema.items()}
    if "properties" in schema and not isinstance(schema["properties"].get("type"), str):
        open_ended = schema.get("x-kubernetes-preserve-unknown-fields") or "additionalProperties" in schema
        kept.setdefault("additionalProperties", bool(open_ended))
    return kept


def gator() -> str:
    """Gatekeeper's program for verdicts without a cluster; the test is skipped where it is not installed."""
    found = os.environ.get("FOURC_GATOR") or shutil.which("gator")
    if not found:
        pytest.skip(f"no gator: go install {GATEKEEPER.replace('@', '/cmd/gator@')}, or name it by FOURC_GATOR")
    return found
