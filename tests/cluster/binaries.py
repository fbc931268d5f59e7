"""etcd and kube-apiserver as files: those that KUBEBUILDER_ASSETS names, else built with Go once and kept.

They lie in the user's cache folder under fourc-test-cluster/. Only a program that has said its version gets there, by a
rename, and one process builds while others wait. `python -m tests.cluster.binaries` makes all that are missing.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

VERSIONS = ("1.37.2", "1.31.14")
ETCD = "3.6.16"
ASSETS = "KUBEBUILDER_ASSETS"
_STAGED = re.compile(r"^\s*(?:replace )?(k8s\.io/\S+) => \./staging|^\s*(k8s\.io/\S+) v0\.0\.0\s*$", re.MULTILINE)
_GO_DEBUG = re.compile(r"^godebug (?:\(.*?^\)|[^(\n]*$)", re.MULTILINE | re.DOTALL)


class UnavailableError(Exception):
    """A program is neither there nor can it be built; the text says why."""


def kube_apiserver(version: str) -> Path:
    """The API server of that version."""
    given = _assets()
    if given is not None and version == versions()[0]:
        return given / "kube-apiserver"
    return _kept(version, "kube-apiserver", version, _build_kube_apiserver)


def etcd() -> Path:
    """The database behind it."""
    given = _assets()
    return given / "etcd" if given is not None else _kept(f"etcd-{ETCD}", "etcd", ETCD, _build_etcd)


@cache
def versions() -> tuple[str, ...]:
    """The versions that tests run against, the newest of ours (or the one of KUBEBUILDER_ASSETS) first."""
    given = _assets()
    if given is None:
        return VERSIONS
    said = re.search(r"v(\d+\.\d+\.\d+)", _said(given / "kube-apiserver"))
    version = said[1] if said else "0.0.0"
    return (version, *(v for v in VERSIONS if _minor(v) != _minor(version)))


def _minor(version: str) -> str:
    return version.rpartition(".")[0]


def _assets() -> Path | None:
    named = os.environ.get(ASSETS)
    if not named:
        return None
    if missing := [n for n in ("etcd", "kube-apiserver") if not os.access(Path(named, n), os.X_OK)]:
        raise UnavailableError(f"{ASSETS} names a folder without {' and '.join(missing)}")
    return Path(named)


def _folder() -> Path:
    named = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(named) if Path(named).is_absolute() else Path.home() / ".cache") / "fourc-test-cluster"


def _kept(folder: str, name: str, version: str, build: Callable[[Path, str], Path]) -> Path:
    there = _folder() / folder / name
    if there.is_file():
        return there
    if shutil.which("go") is None:
        raise UnavailableError(f"{name} {version} is not built and Go is not installed (or name a folder by {ASSETS})")
    with _alone(_folder() / f"{folder}.lock"):
        if not there.is_file():
            sys.stderr.write(f"Building {name} {version} for the tests (once, up to ten minutes)\n")
            there.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix="build-", dir=_folder()) as scratch:
                made = build(Path(scratch), version)
                if version not in _said(made):
                    raise UnavailableError(f"what was built does not call itself {name} {version}")
                made.rename(there)
    return there


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Only one process at a time is inside; the lock goes with the process, whatever ends it."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _build_etcd(scratch: Path, version: str) -> Path:
    (scratch / "go.mod").write_text("module scratch\n\ngo 1.24\n")
    package = "go.etcd.io/etcd/server/v3"
    _go(scratch, "get", "-tool", f"{package}@v{version}")
    return _compiled(scratch, package, "etcd", {})


def celcheck() -> Path:
    """The program that asks Kubernetes' own code about policies (tests/enforce/celcheck), of the newest version."""
    source = Path(__file__).parents[1] / "enforce" / "celcheck" / "main.go"
    digest = hashlib.sha256(source.read_bytes()).hexdigest()[:12]

    def build(scratch: Path, _version: str) -> Path:
        _kubernetes_module(scratch, VERSIONS[0])
        (scratch / "main.go").write_bytes(source.read_bytes())
        _go(scratch, "mod", "tidy")
        return _compiled(scratch, ".", "celcheck", {"main.version": digest})

    return _kept(f"celcheck-{digest}", "celcheck", digest, build)


def _kubernetes_module(scratch: Path, version: str) -> None:
    """A module that requires k8s.io/kubernetes must itself say where its staging modules are published."""
    (scratch / "go.mod").write_text("module scratch\n\ngo 1.24\n")
    known = json.loads(_go(scratch, "mod", "download", "-json", f"k8s.io/kubernetes@v{version}"))
    text = Path(known["GoMod"]).read_text()
    language = re.search(r"^go (\S+)", text, re.MULTILINE)
    debug = _GO_DEBUG.search(text)
    published = version.replace("1.", "0.", 1)
    staged = sorted({found[1] or found[2] for found in _STAGED.finditer(text)})
    lines = [
        "module scratch",
        f"go {language[1] if language else '1.24'}",
        debug[0] if debug else "",
        f"require k8s.io/kubernetes v{version}",
        *(f"replace {name} => {name} v{published}" for name in staged),
    ]
    (scratch / "go.mod").write_text("\n".join(lines) + "\n")


def _build_kube_apiserver(scratch: Path, version: str) -> Path:
    _kubernetes_module(scratch, version)
    package = "k8s.io/kubernetes/cmd/kube-apiserver"
    _go(scratch, "get", "-tool", f"{package}@v{version}")
    major, minor, _ = version.split(".")
    stamp = {"gitVersion": f"v{version}", "gitMajor": major, "gitMinor": minor}
    return _compiled(
        scratch, package, "kube-apiserver", {f"k8s.io/component-base/version.{k}": stamp[k] for k in stamp}
    )


def _compiled(scratch: Path, package: str, name: str, stamp: Mapping[str, str]) -> Path:
    flags = " ".join(["-s -w", *(f"-X {key}={value}" for key, value in stamp.items())])
    _go(scratch, "build", "-ldflags", flags, "-o", name, package)
    return scratch / name


def _go(scratch: Path, *arguments: str) -> str:
    environment = {**os.environ, "CGO_ENABLED": "0", "GOWORK": "off"}
    done = subprocess.run(["go", *arguments], cwd=scratch, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        last = "\n".join(done.stderr.strip().splitlines()[-5:])
        raise UnavailableError(f"go {' '.join(arguments[:2])} failed:\n{last}")
    return done.stdout


def _said(program: Path) -> str:
    return subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout


def demanded() -> bool:
    """Whether the machine promises a test cluster, so that tests that cannot have one fail instead of being skipped."""
    return os.environ.get("CI") == "true" or os.environ.get("FOURC_REQUIRE_CLUSTER") == "1"


def main() -> int:
    """Build what is missing, before the tests, so that no test waits for it."""
    try:
        etcd()
        for version in versions():
            kube_apiserver(version)
        celcheck()
    except UnavailableError as error:
        sys.stderr.write(f"Tests against a real API server will {'FAIL' if demanded() else 'be skipped'}: {error}\n")
        return 1 if demanded() else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
