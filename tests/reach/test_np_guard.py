"""The same connections, exposure and explanations as np-guard's own tests expect, line by line."""

import os
import re
from pathlib import Path

import pytest

from fourc.cli.main import main

FIXTURES = Path(
    os.environ.get("FOURC_NETPOL_FIXTURES", Path(__file__).parents[2].parent / "shared" / "fixtures" / "netpol")
)
FLAGS = {
    "connlist": (),
    "exposure": ("--exposure",),
    "explain": ("--explain",),
    "explain_exposure": ("--explain", "--exposure"),
}
OTHER_NETWORKS = re.compile(r"c?udn_|nad_")
LEFT_OUT = {"exposure_test_with_anp_4_entire_cluster_example_explain_exposure"}
"""Here the expected text leaves out which end denies."""


def cases() -> list[tuple[str, str]]:
    """Folder and what is expected of it."""
    folders = FIXTURES / "tests"
    if not folders.is_dir():
        return []
    names = {f.name for f in folders.iterdir()}
    found = [
        (n, kind)
        for n in sorted(names)
        for kind in FLAGS
        if (FIXTURES / "expected" / f"{n}_{kind}_output.txt").is_file()
    ]
    return [(n, kind) for n, kind in found if f"{n}_{kind}" not in LEFT_OUT]


CASES = cases()
pytestmark = pytest.mark.skipif(not CASES, reason="no fixtures of np-guard: name their folder by FOURC_NETPOL_FIXTURES")


def told(capsys: pytest.CaptureFixture[str], folder: str, kind: str) -> list[str]:
    """The lines that `netpol list` prints, without space at their ends."""
    main(["netpol", "list", str(FIXTURES / "tests" / folder), *FLAGS[kind], "-q"])
    return [line.rstrip() for line in capsys.readouterr().out.strip().split("\n")]


@pytest.mark.parametrize(("folder", "kind"), [c for c in CASES if not OTHER_NETWORKS.match(c[0])])
def test_the_lines_are_the_same(capsys: pytest.CaptureFixture[str], folder: str, kind: str) -> None:
    expected = (FIXTURES / "expected" / f"{folder}_{kind}_output.txt").read_text().strip().split("\n")
    assert told(capsys, folder, kind) == [line.rstrip() for line in expected]


@pytest.mark.parametrize("folder", sorted({c[0] for c in CASES if OTHER_NETWORKS.match(c[0])}))
def test_other_networks_of_pods_are_a_gap_that_names_the_kind(capsys: pytest.CaptureFixture[str], folder: str) -> None:
    assert main(["netpol", "list", str(FIXTURES / "tests" / folder), "--lang", "en"]) == 3
    assert re.search(
        r"unsupported: (ClusterUserDefinedNetwork|UserDefinedNetwork|NetworkAttachment|MultiNetwork)",
        capsys.readouterr().err,
    )
