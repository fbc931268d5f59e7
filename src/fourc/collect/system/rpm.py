"""The rpm database, in each of the formats that it has had."""

from collections.abc import Iterable, Iterator

from fourc.collect.packages.form import PackagesError
from fourc.collect.system import rpm_bdb, rpm_ndb
from fourc.collect.system.installed import Installed, checked
from fourc.collect.system.rpm_header import Header, read_header
from fourc.model.distribution import ecosystem_of
from fourc.model.package import Distribution, Listing, Package
from fourc.model.text import Text

FORM = "rpm"
SQLITE_MAGIC = b"SQLite format 3\0"
_VENDORS = (
    ("Red Hat", Distribution("rhel", "")),
    ("AlmaLinux", Distribution("almalinux", "")),
    ("Rocky", Distribution("rocky", "")),
    ("CentOS", Distribution("centos", "")),
    ("Fedora", Distribution("fedora", "")),
    ("SUSE", Distribution("sles", "")),
    ("openSUSE", Distribution("opensuse-leap", "")),
    ("Amazon", Distribution("amzn", "")),
    ("Oracle", Distribution("ol", "")),
    ("Alibaba", Distribution("alinux", "")),
    ("OpenAnolis", Distribution("anolis", "")),
    ("VMware", Distribution("photon", "")),
    ("Microsoft", Distribution("azurelinux", "")),
    ("http://openeuler.org", Distribution("openEuler", "")),
)
# the packages that say which distribution they belong to, in its version
_RELEASES = {
    "redhat-release": "rhel",
    "almalinux-release": "almalinux",
    "rocky-release": "rocky",
    "centos-release": "centos",
    "centos-linux-release": "centos",
    "centos-stream-release": "centos",
    "fedora-release-common": "fedora",
    "oraclelinux-release": "ol",
    "sles-release": "sles",
    "openSUSE-release": "opensuse-leap",
    "Leap-release": "opensuse-leap",
    "system-release": "amzn",
    "alinux-release": "alinux",
    "anolis-release": "anolis",
    "photon-release": "photon",
    "azurelinux-release": "azurelinux",
    "mariner-release": "mariner",
    "openEuler-release": "openEuler",
}
_FORMATS = Text("no format of an rpm database that is known here", "不是已知的 rpm 数据库格式")
_BAD = Text("the rpm database is broken: {why}", "rpm 数据库已损坏：{why}")
_ORDER = Text("its rows are out of order", "行的顺序错乱")
_HINT = Text("check the database on the machine: rpmdb --verifydb", "请在机器上检查数据库：rpmdb --verifydb")


def read_rpm(path: str, data: bytes, distribution: Distribution | None = None, wal: bytes = b"") -> Installed:
    """What an rpm database says is installed; where nobody says what the distribution is, its own packages are asked.

    `wal` is what lies beside an SQLite file as `-wal`.

    Raises:
        PackagesError: the database is broken, or of no format that is known.
    """
    ecosystem = ecosystem_of(distribution) if distribution else ""
    headers = list(_headers(_blobs(data, wal), ecosystem))
    if distribution is None and headers and (distribution := _told_by(headers)):
        from msgspec.structs import replace  # noqa: PLC0415 - only for a database without its machine

        name = ecosystem_of(distribution)
        headers = [replace(h, package=replace(h.package, ecosystem=name)) for h in headers]
    packages = tuple(header.package for header in headers)
    modules = {position: header.module for position, header in enumerate(headers) if header.module}
    return Installed(Listing(path, FORM, packages, distribution=distribution), modules=modules)


def _headers(blobs: Iterable[bytes], ecosystem: str) -> Iterator[Header]:
    for count, blob in enumerate(blobs):
        checked(count)
        if (header := read_header(blob, ecosystem)) is not None:
            yield header


def _blobs(data: bytes, wal: bytes) -> Iterator[bytes]:
    if data.startswith(SQLITE_MAGIC):
        return _rows(data, wal)
    if data.startswith(rpm_ndb.MAGIC):
        return rpm_ndb.blobs(data)
    if rpm_bdb.is_hash(data):
        return rpm_bdb.blobs(data)
    raise PackagesError(_FORMATS, hint=_HINT)


def _rows(data: bytes, wal: bytes) -> Iterator[bytes]:
    import sqlite3  # noqa: PLC0415 - other formats do without

    from fourc.collect.content.sqlite import opened  # noqa: PLC0415 - the same

    try:
        with opened(data, wal) as database:
            last = 0
            for number, blob in database.execute("SELECT hnum, blob FROM main.Packages ORDER BY hnum"):
                # pages that are shared by several others would make much of little
                if not isinstance(blob, bytes) or not isinstance(number, int) or number <= last:
                    raise PackagesError(_BAD.of(why=_ORDER), hint=_HINT)
                last = number
                yield blob
    except (sqlite3.Error, sqlite3.Warning, OverflowError, MemoryError) as error:
        raise PackagesError(_BAD.of(why=str(error)), hint=_HINT) from error


def _told_by(headers: list[Header]) -> Distribution | None:
    """What the package that names the release says, else who built most."""
    for package in (header.package for header in headers):
        known = _release_name(package)
        if known:
            return Distribution(known, package.version.rpartition(":")[2].partition("-")[0])
    vendors = [header.vendor for header in headers if header.vendor]
    most = max(sorted(set(vendors)), key=vendors.count, default="")
    return next((its for name, its in _VENDORS if most.startswith(name)), None)


def _release_name(package: Package) -> str:
    name = package.name.removesuffix("-server").removesuffix("-workstation")
    return _RELEASES.get(name, "")
