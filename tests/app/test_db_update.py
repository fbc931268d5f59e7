"""The database is fetched from files, over HTTP and from a registry; whatever fails, the old one stays."""

import json
import os
import stat
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.app import advised
from tests.app.advised import advisory
from tests.app.known import Signer, database, digest, packages, record
from tests.collect.registry import DATABASE, DELTA, push, registry
from tests.collect.site import Site, served

from fourc.app.db_build import build_database
from fourc.app.db_update import update_database
from fourc.collect.receiving import FetchError, PlaceError
from fourc.errors import UsageError
from fourc.model.database import Updated
from fourc.model.settings import NO_SETTINGS, Settings
from fourc.vulns.database.delta import delta_name, write_delta
from fourc.vulns.database.file import DatabaseError


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server is on this machine."""
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def site() -> Iterator[Site]:
    with served() as made:
        yield made


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Where the database is to be; its folder is not there yet."""
    return tmp_path / "kept" / "known.db"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Of a Wednesday."""
    return database(tmp_path / "old.db", "alpha", day="2024-05-01")


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """Of the Thursday after it."""
    return database(tmp_path / "new.db", "alpha", "beta", day="2024-05-02")


def update(
    target: Path, *sources: str, settings: Settings = NO_SETTINGS, force: bool = False, offline: bool = False
) -> Updated:
    return update_database(sources, target, settings, lambda _: None, force=force, offline=offline)


def delta(old: Path, new: Path) -> bytes:
    """What makes the new one out of the old one."""
    place = new.with_suffix(".delta")
    with old.open("rb") as a, new.open("rb") as b, place.open("wb") as made:
        write_delta(a, b, made)
    return place.read_bytes()


def of_a_day(folder: Path, *rows: tuple[str, str]) -> Path:
    """A database of one day with a vulnerability of each package, by its ecosystem."""
    folder.mkdir()
    return Path(advised.database(folder, *(advisory(e, n, identifier=f"GHSA-{e}-{n}") for e, n in rows)))


def beside(path: str, old: Path) -> str:
    return delta_name(path, digest(old))


def left(target: Path) -> set[str]:
    """What lies beside the database but what is meant to."""
    known = {target.name, f".{target.name}.lock", f".{target.name}.source"}
    return {p.name for p in target.parent.iterdir()} - known


def test_a_database_comes_whole_into_a_folder_of_its_own(site: Site, target: Path, new: Path) -> None:
    site.files["/known.db"] = new.read_bytes()
    said = update(target, site.url("/known.db"))
    assert said == Updated(site.url("/known.db"), "whole", new.stat().st_size)
    assert packages(target) == {"alpha", "beta"}
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert stat.S_IMODE(target.parent.stat().st_mode) == 0o700
    assert site.asked == ["/known.db"]
    assert left(target) == set()


def test_a_database_that_is_here_already_is_not_sent_again(site: Site, target: Path, new: Path) -> None:
    site.files["/known.db"] = new.read_bytes()
    update(target, site.url("/known.db"))
    before, site.asked[:] = target.stat().st_mtime_ns, []
    assert update(target, site.url("/known.db")) == Updated(site.url("/known.db"), "unchanged")
    assert site.asked == [beside("/known.db", new), "/known.db"]
    assert "If-None-Match" in site.headers[-1]
    assert target.stat().st_mtime_ns == before


def test_the_server_s_word_counts_only_for_the_file_that_it_gave(
    site: Site, target: Path, old: Path, new: Path
) -> None:
    site.files["/known.db"] = new.read_bytes()
    update(target, site.url("/known.db"))
    target.write_bytes(old.read_bytes())  # somebody put another one there
    assert update(target, site.url("/known.db")).way == "whole"
    assert packages(target) == {"alpha", "beta"}


def test_what_broke_off_is_gone_on_with_in_the_next_run(site: Site, target: Path, new: Path) -> None:
    site.files["/known.db"] = new.read_bytes()
    site.cuts = [9000, 0, 0, 0]
    with pytest.raises(FetchError):
        update(target, site.url("/known.db"))
    assert not target.exists()
    site.asked.clear()
    assert update(target, site.url("/known.db")).way == "whole"
    assert site.asked == ["/known.db bytes=9000-"]
    assert packages(target) == {"alpha", "beta"}


def test_a_delta_is_enough_where_there_is_one(site: Site, target: Path, old: Path, new: Path) -> None:
    site.files["/known.db"] = old.read_bytes()
    update(target, site.url("/known.db"))
    made = delta(old, new)
    site.files = {"/known.db": new.read_bytes(), beside("/known.db", old): made}
    site.asked.clear()
    assert update(target, site.url("/known.db")) == Updated(site.url("/known.db"), "delta", len(made))
    assert site.asked == [beside("/known.db", old), "/known.db bytes=-32"]
    assert target.read_bytes() == new.read_bytes()
    assert left(target) == set()
    site.asked.clear()
    assert update(target, site.url("/known.db")).way == "unchanged"
    assert site.asked == [beside("/known.db", new), "/known.db"]


def test_deltas_of_several_days_follow_each_other(site: Site, target: Path, old: Path, new: Path) -> None:
    newest = database(new.with_name("newest.db"), "alpha", "beta", "gamma", day="2024-05-03")
    site.files = {
        "/known.db": newest.read_bytes(),
        beside("/known.db", old): delta(old, new),
        beside("/known.db", new): delta(new, newest),
    }
    update(target, str(old))
    assert update(target, site.url("/known.db")).way == "delta"
    assert target.read_bytes() == newest.read_bytes()
    tail = "/known.db bytes=-32"
    assert site.asked == [beside("/known.db", old), tail, beside("/known.db", new), tail]


def test_a_delta_that_leads_only_part_of_the_way_is_not_the_end(site: Site, target: Path, old: Path, new: Path) -> None:
    newest = database(new.with_name("newest.db"), "alpha", "gamma", day="2024-05-03")
    site.files = {"/known.db": newest.read_bytes(), beside("/known.db", old): delta(old, new)}
    update(target, str(old))
    assert update(target, site.url("/known.db")).way == "whole"
    assert target.read_bytes() == newest.read_bytes()


def test_a_server_without_ranges_gives_deltas_too(site: Site, target: Path, old: Path, new: Path) -> None:
    site.ranges = False
    site.files = {"/known.db": new.read_bytes(), beside("/known.db", old): delta(old, new)}
    update(target, str(old))
    assert update(target, site.url("/known.db")).way == "delta"
    assert target.read_bytes() == new.read_bytes()


def test_the_name_of_a_delta_stands_before_the_query(site: Site, target: Path, old: Path, new: Path) -> None:
    site.files["/known.db?token=1"] = new.read_bytes()
    update(target, str(old))
    assert update(target, site.url("/known.db?token=1")).way == "whole"
    assert site.asked[0] == f"{beside('/known.db', old)}?token=1"


@pytest.mark.parametrize("how", ["empty", "noise", "cut", "flipped", "another", "lying"])
def test_a_broken_delta_gives_way_to_the_whole_file(site: Site, target: Path, old: Path, new: Path, how: str) -> None:
    made = delta(old, new)
    broken = {
        "empty": b"",
        "noise": os.urandom(len(made)),
        "cut": made[:-10],
        "flipped": made[:-10] + bytes([made[-10] ^ 1]) + made[-9:],
        "another": delta(new, old),
        "lying": made[:56] + b"\xff" * 20 + made[76:],
    }[how]
    site.files = {"/known.db": new.read_bytes(), beside("/known.db", old): broken}
    update(target, str(old))
    assert update(target, site.url("/known.db")).way == "whole"
    assert site.asked[0] == beside("/known.db", old)
    assert site.asked[-1] == "/known.db"
    assert target.read_bytes() == new.read_bytes()
    assert left(target) == set()


@pytest.mark.parametrize("how", ["empty", "page", "truncated", "flipped", "joined"])
def test_what_is_no_right_database_never_takes_its_place(
    site: Site, target: Path, old: Path, new: Path, how: str
) -> None:
    data = new.read_bytes()
    middle = len(data) // 2
    site.files["/known.db"] = {
        "empty": b"",
        "page": b"<html>log in</html>" * 100,
        "truncated": data[:-100],
        "flipped": data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :],
        "joined": data + data,
    }[how]
    update(target, str(old))
    with pytest.raises(DatabaseError) as caught:
        update(target, site.url("/known.db"))
    assert caught.value.message.en.startswith(site.url("/known.db")), "the place, not a name of ours"
    assert caught.value.hint is not None
    assert target.read_bytes() == old.read_bytes()
    assert left(target) == set(), "nobody goes on with what is broken"


def test_a_length_that_lies_leaves_the_old_one(site: Site, target: Path, old: Path, new: Path) -> None:
    site.files["/known.db"], site.ranges = new.read_bytes(), False
    update(target, str(old))
    for off in (-100, 100):
        site.length_off_by = off
        with pytest.raises((DatabaseError, FetchError)):
            update(target, site.url("/known.db"))
        assert target.read_bytes() == old.read_bytes()


def test_mirrors_are_tried_in_their_order(site: Site, target: Path, new: Path) -> None:
    site.files |= {"/broken.db": b"no database", "/known.db": new.read_bytes()}
    sources = [site.url(path) for path in ("/none.db", "/broken.db", "/known.db", "/never.db")]
    assert update(target, *sources).source == site.url("/known.db")
    assert site.asked == ["/none.db", "/broken.db", "/known.db"]
    with pytest.raises(FetchError) as caught:
        update(target, *sources[:2], "none.db")
    for part in ("HTTP 404", "/broken.db: this is no database", "none.db cannot be read"):
        assert part in caught.value.message.en


def test_what_a_mirror_has_begun_is_gone_once_another_gave_the_database(site: Site, target: Path, new: Path) -> None:
    site.files |= {"/slow.db": new.read_bytes(), "/known.db": new.read_bytes()}
    site.cuts = [9000, 0, 0, 0]
    assert update(target, site.url("/slow.db"), site.url("/known.db")).source == site.url("/known.db")
    assert left(target) == set()


def test_the_configuration_names_the_mirrors_where_the_command_does_not(site: Site, target: Path, new: Path) -> None:
    site.files["/known.db"] = new.read_bytes()
    settings = replace(NO_SETTINGS, database_source=(site.url("/none.db"), site.url("/known.db")))
    assert update(target, settings=settings).source == site.url("/known.db")
    assert update(target, str(new), settings=settings).source == str(new)
    with pytest.raises(UsageError) as caught:
        update(target)
    assert caught.value.hint is not None
    for part in ("db-source", "FOURC_DB_SOURCE", "fourc db build"):
        assert part in caught.value.hint.en


def test_only_whom_the_key_belongs_to_may_change_the_database(site: Site, target: Path, tmp_path: Path) -> None:
    mine, other = Signer(tmp_path, "mine"), Signer(tmp_path, "other")
    settings = replace(NO_SETTINGS, database_key=str(mine.public))
    signed = database(tmp_path / "signed.db", "alpha", sign_key=mine.raw)
    site.files = {
        "/signed.db": signed.read_bytes(),
        "/other.db": database(tmp_path / "other.db", "beta", day="2024-06-01", sign_key=other.raw).read_bytes(),
        "/unsigned.db": database(tmp_path / "unsigned.db", "beta", day="2024-06-01").read_bytes(),
    }
    assert update(target, site.url("/signed.db"), settings=settings).way == "whole"
    with pytest.raises(DatabaseError, match="signature is of another key"):
        update(target, site.url("/other.db"), settings=settings)
    with pytest.raises(DatabaseError, match="nobody signed"):
        update(target, site.url("/unsigned.db"), settings=settings, force=True)
    assert target.read_bytes() == signed.read_bytes()
    with pytest.raises(UsageError, match="key"):
        update(target, site.url("/signed.db"), settings=replace(NO_SETTINGS, database_key=str(tmp_path / "none")))


def test_a_key_that_is_none_is_told_before_anything_is_fetched(site: Site, target: Path, new: Path) -> None:
    site.files["/known.db"] = new.read_bytes()
    for key in (new, Path("/dev/null")):
        with pytest.raises(DatabaseError, match="not one of Ed25519"):
            update(target, site.url("/known.db"), settings=replace(NO_SETTINGS, database_key=str(key)))
    assert site.asked == []


def test_a_delta_from_somebody_else_changes_nothing(site: Site, target: Path, tmp_path: Path) -> None:
    mine = Signer(tmp_path, "mine")
    settings = replace(NO_SETTINGS, database_key=str(mine.public))
    signed = database(tmp_path / "signed.db", "alpha", sign_key=mine.raw)
    unsigned = database(tmp_path / "unsigned.db", "beta", day="2024-06-01")
    update(target, str(signed), settings=settings)
    site.files = {"/known.db": signed.read_bytes(), beside("/known.db", signed): delta(signed, unsigned)}
    assert update(target, site.url("/known.db"), settings=settings).way == "unchanged"
    assert target.read_bytes() == signed.read_bytes()


def test_an_older_database_is_refused_unless_it_is_wanted(site: Site, target: Path, old: Path, new: Path) -> None:
    site.files = {"/old.db": old.read_bytes(), "/new.db": new.read_bytes(), "/delta.db": old.read_bytes()}
    site.files[beside("/delta.db", new)] = delta(new, old)
    update(target, str(new))
    for source in (site.url("/old.db"), site.url("/delta.db"), str(old)):
        with pytest.raises(DatabaseError, match="of 2024-05-01, older than yours of 2024-05-02") as caught:
            update(target, source)
        assert caught.value.hint is not None
        assert "--force" in caught.value.hint.en
    assert target.read_bytes() == new.read_bytes()
    assert update(target, site.url("/old.db"), site.url("/new.db")).way == "unchanged", (
        "the mirror behind it is up to date"
    )
    assert update(target, site.url("/old.db"), force=True).way == "whole"
    assert target.read_bytes() == old.read_bytes()


@pytest.mark.parametrize(
    ("rows", "less"),
    [
        ([("npm", "alpha"), ("npm", "beta")], "2 vulnerabilities instead of 3, nothing of PyPI"),
        ([("npm", "alpha"), ("PyPI", "beta")], "2 vulnerabilities instead of 3"),
        ([("npm", "alpha"), ("npm", "beta"), ("npm", "gamma"), ("npm", "delta")], "nothing of PyPI"),
    ],
)
def test_of_the_same_day_a_database_that_knows_less_is_refused_unless_it_is_wanted(
    site: Site, target: Path, tmp_path: Path, rows: list[tuple[str, str]], less: str
) -> None:
    whole = of_a_day(tmp_path / "whole", ("npm", "alpha"), ("npm", "beta"), ("PyPI", "gamma"))
    poor = of_a_day(tmp_path / "poor", *rows)
    site.files = {"/poor.db": poor.read_bytes(), "/whole.db": whole.read_bytes(), "/delta.db": poor.read_bytes()}
    site.files[beside("/delta.db", whole)] = delta(whole, poor)
    update(target, str(whole))
    for source in (site.url("/poor.db"), site.url("/delta.db"), str(poor)):
        with pytest.raises(DatabaseError) as caught:
            update(target, source)
        assert caught.value.message.en == f"{source} is of 2026-01-02 as yours is, but holds less: {less}"
        assert caught.value.hint is not None
        assert "--force" in caught.value.hint.en
        assert "--force" in caught.value.hint.zh
    assert target.read_bytes() == whole.read_bytes()
    assert left(target) == set()
    assert update(target, site.url("/poor.db"), site.url("/whole.db")).way == "unchanged", (
        "the mirror behind it is whole"
    )
    assert update(target, str(poor), force=True).way == "whole"
    assert target.read_bytes() == poor.read_bytes()


def test_of_many_ecosystems_that_are_lacking_five_are_named(target: Path, tmp_path: Path) -> None:
    names = ("Go", "Hex", "Maven", "NuGet", "Packagist", "Pub", "PyPI")
    update(target, str(of_a_day(tmp_path / "whole", *((name, "a/b") for name in names))))
    many = of_a_day(tmp_path / "poor", *(("npm", f"pad-{n}") for n in range(9)))
    with pytest.raises(DatabaseError, match=r"nothing of Go, Hex, Maven, NuGet, Packagist, 2 more$"):
        update(target, str(many))


def test_of_a_newer_day_fewer_are_taken_since_advisories_are_withdrawn(target: Path, tmp_path: Path, new: Path) -> None:
    update(target, str(new))
    assert update(target, str(database(tmp_path / "newer.db", "beta", day="2024-05-03"))).way == "whole"
    other = database(tmp_path / "other.db", "gamma", day="2024-05-03")
    assert update(target, str(other)).way == "whole", "of the same day as much of another package is no less"


def test_a_broken_database_is_replaced_by_whatever_is_right(target: Path, old: Path) -> None:
    target.parent.mkdir()
    target.write_bytes(b"broken")
    assert update(target, str(old)).way == "whole"
    assert packages(target) == {"alpha"}


def test_a_file_is_a_source_but_not_the_one_that_is_to_be_replaced(target: Path, new: Path) -> None:
    assert update(target, str(new)) == Updated(str(new), "whole")
    assert new.exists()
    assert update(target, str(new)).way == "unchanged"
    (link := target.with_name("link.db")).symlink_to(target)
    for source in (target, link):
        with pytest.raises(UsageError, match="to be replaced"):
            update(target, str(source))
    os.mkfifo(target.with_name("pipe"))
    for source in (target.parent, target.with_name("pipe"), target.with_name("none"), Path("/dev/zero")):
        with pytest.raises(FetchError, match="cannot be read"):
            update(target, str(source))


@pytest.mark.parametrize(
    "source", ["", "ftp://example.com/known.db", "oci://", "oci://Example/A b", "file:///known.db"]
)
def test_what_is_no_source_is_refused_before_anything_is_fetched(site: Site, target: Path, source: str) -> None:
    with pytest.raises(UsageError, match="is no source"):
        update(target, site.url("/known.db"), source)
    assert site.asked == []


def test_offline_only_files_are_taken(site: Site, target: Path, new: Path) -> None:
    site.files["/known.db"] = new.read_bytes()
    for source in (site.url("/known.db"), "oci://registry.example.com/known:1"):
        with pytest.raises(UsageError, match="--offline forbids"):
            update(target, source, offline=True)
    assert site.asked == []
    assert update(target, str(new), offline=True).way == "whole"


def test_a_place_that_cannot_be_written_is_said_before_anything_is_fetched(
    site: Site, tmp_path: Path, new: Path
) -> None:
    site.files["/known.db"] = new.read_bytes()
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    for place in (tmp_path / "file" / "known.db", tmp_path / "folder", Path("/proc/nowhere/known.db")):
        with pytest.raises(PlaceError, match="cannot be written") as caught:
            update(place, site.url("/known.db"))
        assert caught.value.hint is not None
    assert site.asked == []


def test_two_at_once_do_not_spoil_each_other(site: Site, target: Path, old: Path, new: Path) -> None:
    site.files["/known.db"] = new.read_bytes()
    said: list[str] = []

    def second(_: str) -> None:
        with pytest.raises(PlaceError, match="another fourc db update") as caught:
            update(target, str(old))
        said.append(caught.value.message.en)

    site.before = second
    assert update(target, site.url("/known.db")).way == "whole"
    assert said == ["another fourc db update is running"]


def test_an_interrupt_leaves_the_old_one_and_the_next_run_goes_on(
    site: Site, target: Path, old: Path, new: Path
) -> None:
    site.files["/known.db"] = new.read_bytes()
    update(target, str(old))

    def interrupt(said: object) -> None:
        if "fetching" in str(said) and "from-" not in str(said):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        update_database([site.url("/known.db")], target, NO_SETTINGS, interrupt)
    assert target.read_bytes() == old.read_bytes()
    assert update(target, site.url("/known.db")).way == "whole"
    assert target.read_bytes() == new.read_bytes()


def test_a_database_comes_out_of_a_registry_whole_then_as_a_delta(
    tmp_path: Path, target: Path, old: Path, new: Path
) -> None:
    with registry(tmp_path) as host:
        source = f"oci://{host}/team/known:latest"
        push(host, "team/known", "latest", {"known.db": (old.read_bytes(), DATABASE)})
        assert update(target, source) == Updated(source, "whole", old.stat().st_size)
        assert update(target, source) == Updated(source, "unchanged")
        made = delta(old, new)
        layers = {
            "known.db": (new.read_bytes(), DATABASE),
            beside("known.db", new): (b"for another", DELTA),
            beside("known.db", old): (made, DELTA),
        }
        push(host, "team/known", "latest", layers)
        assert update(target, source) == Updated(source, "delta", len(made))
        assert target.read_bytes() == new.read_bytes()
        assert update(target, source).way == "unchanged"
        assert left(target) == set()


def test_a_registry_that_asks_for_a_login_is_told_apart_from_one_that_lacks_the_name(
    site: Site, target: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setenv("REGISTRY_AUTH_FILE", str(tmp_path / "none"))
    site.status["/v2/known/manifests/1"] = 403
    with pytest.raises(FetchError, match="does not let you read it") as caught:
        update(target, f"oci://127.0.0.1:{site.port}/known:1")
    assert caught.value.hint is not None
    assert "docker login" in caught.value.hint.en


@pytest.mark.parametrize("resumes", [True, False])
def test_what_breaks_off_in_a_registry_goes_on_where_it_ended_if_it_gives_parts(
    site: Site, target: Path, new: Path, resumes: bool
) -> None:
    data = new.read_bytes()
    whole = f"sha256:{sha256(data).hexdigest()}"
    layer = {"mediaType": DATABASE, "digest": whole, "size": len(data)}
    config = {
        "mediaType": "application/vnd.oci.empty.v1+json",
        "digest": f"sha256:{sha256(b'{}').hexdigest()}",
        "size": 2,
    }
    manifest = json.dumps({"schemaVersion": 2, "config": config, "layers": [layer]}).encode()
    blob = f"/v2/known/blobs/{whole}"
    site.files |= {"/v2/known/manifests/1": manifest, blob: data}
    source, site.ranges = f"oci://127.0.0.1:{site.port}/known:1", resumes
    cuts = [9000, 0, 0, 0]

    def cut(path: str) -> None:
        site.cuts = [cuts.pop(0)] if path == blob else []

    site.before = cut
    with pytest.raises(FetchError, match="cannot be fetched") as caught:
        update(target, source)
    assert caught.value.hint is not None
    assert "it goes on where it ended" in caught.value.hint.en
    site.before = lambda _: None
    site.asked.clear()
    assert update(target, source).way == "whole"
    assert site.asked == ["/v2/known/manifests/1", f"{blob} bytes=9000-" if resumes else blob]
    assert target.read_bytes() == data


def test_a_registry_whose_blob_is_another_than_its_manifest_promises_is_not_believed(
    site: Site, target: Path, old: Path, new: Path
) -> None:
    assert old.stat().st_size == new.stat().st_size
    whole = f"sha256:{sha256(new.read_bytes()).hexdigest()}"
    layer = {"mediaType": DATABASE, "digest": whole, "size": new.stat().st_size}
    config = {"mediaType": "application/vnd.oci.empty.v1+json", "digest": whole, "size": 2}
    manifest = json.dumps({"schemaVersion": 2, "config": config, "layers": [layer]}).encode()
    site.files |= {"/v2/known/manifests/1": manifest, f"/v2/known/blobs/{whole}": old.read_bytes()}
    with pytest.raises(FetchError, match="wrong digest"):
        update(target, f"oci://127.0.0.1:{site.port}/known:1")
    assert not target.exists()


def test_a_registry_s_broken_delta_gives_way_and_an_older_one_is_refused(
    tmp_path: Path, target: Path, old: Path, new: Path
) -> None:
    with registry(tmp_path) as host:
        source = f"oci://{host}/known:1"
        broken = {beside("known.db", old): (b"broken", DELTA), "known.db": (new.read_bytes(), DATABASE)}
        push(host, "known", "1", broken)
        update(target, str(old))
        assert update(target, source).way == "whole"
        push(
            host,
            "known",
            "0",
            {"known.db": (old.read_bytes(), DATABASE), beside("known.db", new): (delta(new, old), DELTA)},
        )
        with pytest.raises(DatabaseError, match="older than yours"):
            update(target, f"oci://{host}/known:0")
        assert target.read_bytes() == new.read_bytes()


def test_what_is_no_database_in_a_registry_is_said_with_the_command_that_pushes_one(
    tmp_path: Path, target: Path
) -> None:
    with registry(tmp_path) as host:
        push(host, "chart", "1", {"chart.tgz": (b"chart", "application/vnd.cncf.helm.chart.content.v1.tar+gzip")})
        with pytest.raises(FetchError, match="holds no database") as caught:
            update(target, f"oci://{host}/chart:1")
        assert caught.value.hint is not None
        assert f"oras push {host}/chart:1 FILE:{DATABASE}" in caught.value.hint.en
        with pytest.raises(FetchError, match="there is no artifact"):
            update(target, f"oci://{host}/chart:2")
        push(host, "noise", "1", {"known.db": (b"noise", DATABASE)})
        with pytest.raises(DatabaseError, match="this is no database"):
            update(target, f"oci://{host}/noise:1")
    with pytest.raises(FetchError, match="cannot be reached"):
        update(target, f"oci://{host}/chart:1")
    assert not target.exists()


def test_a_build_writes_deltas_that_the_next_update_takes(site: Site, tmp_path: Path, target: Path) -> None:
    advisories = tmp_path / "advisories"
    advisories.mkdir()
    for count in range(300):  # so many that zstd learns a dictionary
        (advisories / f"{count}.json").write_bytes(record(f"package{count}", "2024-05-01", f"hole {count}"))
    output = tmp_path / "known.db"
    built, deltas = build_database([advisories], output)
    assert deltas == ()
    update(target, str(output))
    (advisories / "7.json").write_bytes(record("package7", "2024-05-02", "a wider hole"))
    again, deltas = build_database([advisories], output, delta_from=[output])
    assert [(d.file, d.old) for d in deltas] == [(delta_name(str(output), built.digest), built.digest)]
    assert deltas[0].size < again.size / 10
    site.files = {f"/{p.name}": p.read_bytes() for p in tmp_path.glob("known.db*")}
    assert update(target, site.url("/known.db")).way == "delta"
    assert target.read_bytes() == output.read_bytes()
    assert build_database([advisories], output, delta_from=[output])[1] == (), "nothing is new"
