"""A search through a folder: each secret once, at its places, whatever the folder holds."""

import base64
import gzip
import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.collect.content.repositories import Repo, told
from tests.secrets.plain import MEANING, RULES

from fourc.app.pattern_cache import LITTLE
from fourc.app.searching import Sight
from fourc.app.secret_scan import SecretScan, scan_secrets
from fourc.app.secrets import Secrets, SecretsRequest, look_for_secrets
from fourc.app.told import Told
from fourc.collect import workers
from fourc.collect.content import folder
from fourc.collect.content.seen import Seen
from fourc.model.finding import Finding
from fourc.model.location import Location
from fourc.model.remedy import NoFix
from fourc.model.text import Lang
from fourc.report.secrets import secret_lines
from fourc.secrets.hit import Hit

TOKEN = "ghp_" + "a1B2c3" * 6
OTHER = "ghp_" + "Z9y8X7" * 6


@pytest.fixture(autouse=True, scope="module")
def _one_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The rules are compiled once for all tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


def look(root: Path, **changes: object) -> Secrets:
    """What is found in the folder; a fingerprint shows what it is made of."""
    request = SecretsRequest(root, (root,), RULES, MEANING, lambda rule, value: f"{rule} {value}")
    return look_for_secrets(replace(request, **changes))


def places(finding: Finding) -> list[tuple[str, int, int]]:
    """Where the finding and its other places begin."""
    return [(p.path, p.line, p.column) for p in (finding.location, *finding.places) if p]


def write(root: Path, files: dict[str, str | bytes]) -> None:
    """The files, with their folders."""
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content.encode() if isinstance(content, str) else content)


@pytest.mark.parametrize("processes", [1, 3])
def test_a_secret_is_one_finding_with_all_its_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, processes: int
) -> None:
    """In the order of the paths, however many processes looked; lines and columns count characters from 1."""
    monkeypatch.setattr(workers, "worker_count", lambda: processes)
    write(tmp_path, {f"f{n:03}": f"# {n}\n" for n in range(300)})
    write(tmp_path, {"z/b.py": f"x\n  密码键 = {TOKEN}\n{TOKEN}", "f150": TOKEN, "f299": OTHER})
    found = look(tmp_path)
    assert [(f.identity, places(f)) for f in found.findings] == [
        (f"github {TOKEN}", [("f150", 1, 1), ("z/b.py", 2, 9), ("z/b.py", 3, 1)]),
        (f"github {OTHER}", [("f299", 1, 1)]),
    ]
    assert (found.files, found.gaps) == (301, ())


def test_no_value_is_in_what_is_told(tmp_path: Path) -> None:
    """Not in the message, not in a place; only the fingerprint is made of it."""
    write(tmp_path, {"a": TOKEN})
    (finding,) = look(tmp_path, fingerprint=lambda _rule, _value: "0123456789abcdef").findings
    assert TOKEN not in repr(finding)
    assert (finding.fingerprint, finding.message.en, str(finding.subject)) == (
        "0123456789abcdef",
        "Github API key ghp_…",
        "a",
    )


def test_a_generic_rule_gives_way_and_others_are_named(tmp_path: Path) -> None:
    """`password = ghp_…` is a GitHub token; a value that two specific rules know names both; alone a generic rule counts."""
    twice = replace(RULES[0], id="github-too", references=("gitleaks:github-pat",))
    write(tmp_path, {"a": f'password = "{TOKEN}"\n', "b": "password = 'hunter22'\n"})
    found = look(tmp_path, rules=(*RULES, twice))
    assert [(f.rule, f.references) for f in found.findings] == [
        ("github", ("fourc:github-too", "gitleaks:github-pat")),
        ("generic", ()),
    ]


def test_what_does_not_stand_is_not_told(tmp_path: Path) -> None:
    """The team's lists see hit, text and path."""
    write(tmp_path, {"a": f"{TOKEN} # allow", "b": OTHER})
    seen: list[tuple[str, bytes, str]] = []

    def standing(hits: list[Hit], text: bytes, path: str, _first_line: int) -> list[Hit]:
        seen.extend((hit.value, text, path) for hit in hits)
        return [hit for hit in hits if b"allow" not in text]

    assert [f.identity for f in look(tmp_path, standing=standing).findings] == [f"github {OTHER}"]


def test_formats_have_their_say(tmp_path: Path) -> None:
    """What a file holds by its format is told like all else; also of a text in another encoding, at its own offsets."""
    meaning = replace(
        MEANING,
        entries=lambda path, text: (
            [Hit("adobe", text.index(b"s3"), text.index(b"s3") + 4, "s3cr", (), "k")] if path.endswith("rc") else []
        ),
    )
    write(tmp_path, {".netrc": "login s3cr", "wide.rc": "login\n s3cr".encode("utf-16"), "other": "s3cr"})
    (finding,) = look(tmp_path, meaning=meaning).findings
    assert places(finding) == [(".netrc", 1, 7), ("wide.rc", 2, 2)]


def test_large_files_are_searched_part_by_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies across a border of two parts is found once, with its line and column."""
    monkeypatch.setattr(folder, "PILE_BYTES", 1 << 16)
    monkeypatch.setattr(folder, "PART_BYTES", 1 << 18)
    filler = b"const x = '\xe5\xaf\x86'; " * 40 + b"\n"
    border = folder.PART_BYTES - folder.OVERLAP // 2
    lines = filler * (border // len(filler))
    text = lines + b" " * (border - len(lines) - 20) + TOKEN.encode() + b"\n" + filler * 900 + OTHER.encode() + b"\n"
    write(tmp_path, {"large": text})
    first, second = look(tmp_path).findings
    assert places(first) == [("large", lines.count(b"\n") + 1, border - len(lines) - 20 + 1)]
    assert places(second) == [("large", text.count(b"\n"), 1)]


HOSTILE = """
import resource, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from tests.app.test_secrets import look
found = look(Path({root!r}))
print([f.identity for f in found.findings], [p.column for f in found.findings for p in (f.location, *f.places)], found.gaps)
# a process that was started by a large one counts that one's memory as its own, but not in its status
status = Path("/proc/self/status")
lines = status.read_text().splitlines() if status.exists() else []
own = [int(line.split()[1]) for line in lines if line.startswith("VmHWM")] or [resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]
print(max(*own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
"""


def test_one_line_of_a_gigabyte_needs_little_memory(tmp_path: Path) -> None:
    """Sparse, so that the disk does not need it; what stands in its middle and at its end is found."""
    size = 1 << 30
    with (tmp_path / "line").open("wb") as file:
        for place, token in ((size // 2, TOKEN), (size - 40, OTHER)):
            file.seek(place)
            file.write(token.encode())
    code = HOSTILE.format(tests=str(Path(__file__).parents[2]), root=str(tmp_path))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300)
    told, memory = done.stdout.splitlines()
    assert told == f"['github {TOKEN}', 'github {OTHER}'] [{size // 2 + 1}, {size - 39}] ()"
    assert int(memory) < 150 * (1 << 20 if sys.platform == "darwin" else 1024)


@pytest.mark.parametrize(
    "text",
    [
        b"-----BEGIN KEY-----" * 30_000,
        b"eyAbcd.eyAbcd." * 60_000,
        b"password=" * 100_000,
        b"a" * 2_000_000,
        base64.b64encode(b"password = " * 100_000),
        b"%3D" * 500_000,
        b"61646f6265" * 200_000,
        bytes(range(256)) * 8_000,
        "飞书".encode("gb18030") * 300_000,
        b"\xff\xfe" + b"\xd8\x00" * 500_000,
    ],
    ids=["keys", "jwts", "words", "letters", "base64", "percent", "hex", "binary", "gb18030", "utf-16"],
)
def test_what_looks_like_secrets_everywhere_ends_soon(tmp_path: Path, text: bytes) -> None:
    """Nothing is quadratic: a few megabytes take a few seconds of processor time at most."""
    write(tmp_path, {"bomb": text, "z": TOKEN})
    before = sum(resource.getrusage(resource.RUSAGE_SELF)[:2]) + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
    found = look(tmp_path)
    after = sum(resource.getrusage(resource.RUSAGE_SELF)[:2]) + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
    assert f"github {TOKEN}" in [f.identity for f in found.findings]
    assert after - before < 60, "quadratic, it would be hours"


def test_a_failing_rule_or_format_is_not_silent(tmp_path: Path) -> None:
    """A defect shows; what else the folder holds is told all the same."""
    meaning = replace(MEANING, entries=lambda path, _: [1 / 0] if path == "a" else [])
    write(tmp_path, {"a": TOKEN, "b": OTHER})
    found = look(tmp_path, meaning=meaning)
    assert [f.identity for f in found.findings] == [f"github {OTHER}"]
    assert [(g.reason.value, g.location and g.location.path) for g in found.gaps] == [("unsupported", "a")]


def test_a_large_commit_is_read_whole_and_in_order(tmp_path: Path) -> None:
    """What was read to see how much there is counts as what comes after."""
    filling = "# nothing here\n" * (LITTLE // 20)
    names = [f"{n}.txt" for n in range(4)]
    write(tmp_path, {name: f"{filling}ghp_{n}{'a1B2c' * 7}\n" for n, name in enumerate(names)})
    for words in (("init", "-q"), ("add", ".")):
        subprocess.run(("git", *words), cwd=tmp_path, check=True)
    found = look(tmp_path, staged=True)
    assert [f.location.path for f in found.findings if f.location] == names
    assert found.files == len(names)


def test_what_only_the_history_holds_is_said_to_be_gone_from_the_files(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    old, kept = "ghp_" + "NqVwYS81VP7Hb1DX8pPd5khxE3pyIgKpaUnA", "ghp_" + "ErsEz5jhy0I9lO7F3vlfFrGYJ3GxeYYXwSLQ"
    repo.commit({"a.py": f'TOKEN = "{old}"\n', "b.py": f'TOKEN = "{kept}"\n'})
    repo.commit({"a.py": "x = 1\n"})
    report = scan_secrets(SecretScan((str(tmp_path),), history=True))
    gone = {f.origin.path: f.history.gone for f in report.findings if f.history}
    assert gone == {"a.py": True, "b.py": False}
    advice = {f.origin.path: f.fix.why.en for f in report.findings if isinstance(f.fix, NoFix)}
    assert "write os.environ" not in advice["a.py"]
    assert "write os.environ" in advice["b.py"]
    said = "\n".join(secret_lines(report, Lang.EN))
    assert "only in the history, last at a.py:1" in said
    assert "where  b.py:1" in said


def test_what_is_cut_of_one_blob_leaves_the_others_clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else one blob that is too much for its format makes every later run read all that lay in a pile with it."""
    repo = Repo(tmp_path)
    deep = '{"auths":' * 300 + "1" + "}" * 300
    repo.commit({"config.json": deep, "a.txt": "nothing", "b.txt": "nothing else"})
    saved: list[str] = []
    monkeypatch.setattr(Seen, "add", lambda _, ids: saved.extend(ids))
    gaps = scan_secrets(SecretScan((str(tmp_path),), history=True)).gaps
    assert {gap.location.path for gap in gaps if gap.location} == {"config.json"}
    assert sorted(saved) == sorted(repo.git("rev-parse", f"HEAD:{name}") for name in ("a.txt", "b.txt"))


def test_what_an_archive_in_the_history_holds_has_its_commits(tmp_path: Path) -> None:
    """By its path in the archive, whether the archive is still there or not, and only once."""
    repo = Repo(tmp_path)
    write(tmp_path, {"gone.gz": gzip.compress(OTHER.encode()), "kept.gz": gzip.compress(f"\n{TOKEN}".encode())})
    repo.git("add", "--all")
    first = repo.commit({"a": "1"})
    repo.git("rm", "-q", "gone.gz")
    repo.commit({"a": "2"})
    found = look(tmp_path, history=True)
    seen = [(places(f), f.history and (f.history.first_seen.commit, f.history.first_seen.path)) for f in found.findings]
    assert seen == [
        ([("gone.gz!gone", 1, 1)], (first, "gone.gz!gone")),
        ([("kept.gz!kept", 2, 1)], (first, "kept.gz!kept")),
    ]


def test_the_base64_of_a_secret_is_not_told_beside_it(tmp_path: Path) -> None:
    """A generic rule that sees the encoded text gives way to what knows the manifest."""
    encoded = base64.b64encode(b"S3cr3tManif3stPw").decode()
    write(tmp_path, {"a.yaml": f"apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\ndata:\n  password: {encoded}\n"})
    (finding,) = scan_secrets(SecretScan((str(tmp_path),))).findings
    assert (finding.rule, finding.location and finding.location.line) == ("kubernetes-secret-yaml", 5)
    assert finding.message.en.endswith("S3cr…")


def test_a_list_of_passwords_is_told_in_part_with_a_gap() -> None:
    told = Told({rule.id: rule for rule in RULES}, most=2)
    told.add(Sight(Hit("generic", n, n + 1, f"value-{n}"), Location("a", n, 1, n, 9)) for n in (1, 2, 3, 1))
    assert (sorted(told.places), told.full) == (["value-1", "value-2"], True)


def test_a_pull_secret_is_told_once_for_each_registry(tmp_path: Path) -> None:
    logins = {"a.example.org": "anna:kleiner-Berg-27", "b.example.org": "bert:grosses-Tal-81"}
    auths = {host: {"auth": base64.b64encode(login.encode()).decode()} for host, login in logins.items()}
    config = base64.b64encode(json.dumps({"auths": auths}).encode()).decode()
    head = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: pull\ntype: kubernetes.io/dockerconfigjson\ndata:\n"
    write(tmp_path, {"pull.yaml": f"{head}  .dockerconfigjson: {config}\n"})
    report = scan_secrets(SecretScan((str(tmp_path),)))
    assert [(f.rule, f.message.en, f.location.line) for f in report.findings if f.location] == [
        ("docker-config-auth", "container registry credential gro…", 7),
        ("docker-config-auth", "container registry credential kle…", 7),
    ]


def test_what_nests_deeper_than_a_format_is_followed_is_searched_as_text_and_said(tmp_path: Path) -> None:
    def nested(depth: int) -> str:
        return '{"auths":' * depth + '{"password": "x7Kq2mZ9Lw4vTr6N"}' + "}" * depth

    many = '{"auths": [' + ",".join(['{"password": ""}'] * 5000) + "]}"
    quoted = '{"a": "' + "{" * 500 + '"}'
    write(
        tmp_path, {"deep/config.json": nested(300), "config.json": nested(50), "many.json": many, "quoted.json": quoted}
    )
    report = scan_secrets(SecretScan((str(tmp_path),)))
    assert told(report.gaps) == [("too-large", "deep/config.json")]
    assert [p for f in report.findings for p, _, _ in places(f)] == ["config.json", "deep/config.json"]
