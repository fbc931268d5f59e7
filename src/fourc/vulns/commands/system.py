"""Commands that bring an operating system's packages up to date."""

from shlex import quote

_ALL = 12
"""More packages than this are no list that people read: then everything is brought up to date."""

_MANAGERS = (
    (
        ("Debian", "Ubuntu", "Echo"),
        "apt-get update && apt-get install -y --only-upgrade {names}",
        "apt-get update && apt-get upgrade -y",
    ),
    (
        ("Alpine", "Alpaquita", "Wolfi", "Chainguard", "MinimOS"),
        "apk upgrade --no-cache {names}",
        "apk upgrade --no-cache",
    ),
    (("SUSE", "openSUSE"), "zypper --non-interactive update {names}", "zypper --non-interactive patch"),
    (("Photon OS",), "tdnf -y update {names}", "tdnf -y update"),
    (("Azure Linux",), "tdnf -y update {names}", "tdnf -y update"),
    (("Mageia",), "dnf -y upgrade {names}", "dnf -y upgrade"),
)
_BY_RPM = ("dnf -y upgrade {names}", "dnf -y upgrade")
_OLD = {("CentOS", "7"), ("Red Hat", "7"), ("Oracle Linux", "7"), ("Amazon Linux", "2"), ("Alibaba Cloud Linux", "2")}
"""Distributions and releases from before dnf."""


def system_command(ecosystem: str, names: list[str], release: str = "") -> str:
    """What brings the named packages up to date on the distribution, all of them where they are many."""
    base = ecosystem.partition(":")[0]
    some, every = next((row[1:] for row in _MANAGERS if base in row[0]), _BY_RPM)
    line = every if len(names) > _ALL else some.format(names=" ".join(dict.fromkeys(map(quote, names))))
    old = any(base == name and release.partition(".")[0] == one for name, one in _OLD)
    return line.replace("dnf ", "yum ", 1) if old else line
