"""A newer kernel is one of the kind that runs, in rpm's order."""

import pytest

from fourc.vulns.kernels import newer_kernel


@pytest.mark.parametrize(
    ("running", "installed", "newer"),
    [
        ("6.1.0-18-amd64", ["6.1.0-9-amd64", "6.1.0-18-amd64", "6.1.0-37-amd64"], "6.1.0-37-amd64"),
        ("6.1.0-37-amd64", ["6.1.0-9-amd64", "6.1.0-37-amd64"], None),
        # another build of the kernel waits for nobody
        ("6.1.0-18-cloud-amd64", ["6.1.0-18-cloud-amd64", "6.1.0-37-amd64", "6.1.0-37-rt-amd64"], None),
        ("5.15.0-91-generic", ["5.15.0-102-generic", "6.8.0-1012-aws"], "5.15.0-102-generic"),
        ("4.18.0-553.el8_10.x86_64", ["4.18.0-553.5.1.el8_10.x86_64"], "4.18.0-553.5.1.el8_10.x86_64"),
        ("4.18.0-553.5.1.el8_10.x86_64", ["4.18.0-553.el8_10.x86_64", "4.18.0-513.el8_9.x86_64"], None),
        ("5.4.17-2136.el8uek.x86_64", ["4.18.0-600.el8.x86_64", "5.14.0-1.el9.x86_64"], None),
        ("5.10.134-16.al8.x86_64", ["5.10.134-17.3.an8.x86_64"], "5.10.134-17.3.an8.x86_64"),
        ("5.10.134-16.3.al8.x86_64", ["5.10.134-17.al8.x86_64"], "5.10.134-17.al8.x86_64"),
        ("6.6.31-0-lts", ["6.6.9-0-lts", "6.12.1-0-lts", "6.13.0-0-virt"], "6.12.1-0-lts"),
        ("5.14.21-150500.55.39-default", ["5.14.21-150500.55.44-default"], "5.14.21-150500.55.44-default"),
        ("6.1.0-18-amd64", [], None),
    ],
)
def test_the_newest_kernel_of_the_kind_that_runs(running: str, installed: list[str], newer: str | None) -> None:
    assert newer_kernel(running, installed) == newer
