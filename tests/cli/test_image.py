"""Images at the command line: what is printed, in which form, and the exit codes of what is broken or hostile."""

import gzip
import io
import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from tests.collect.image.makers import (
    PLAIN,
    Made,
    config_for,
    digest_of,
    docker_archive,
    file,
    layer,
    layout,
    other,
    packed,
    tar_of,
    write_blob,
)
from tests.collect.image.test_registry import PASSWORD, USER, debians, logged_in, pushed

import fourc
from fourc.cli.main import main

(TOKEN,) = ("glpat-Zx8Yb3kQw7LmN2pRsT4v",)
RELEASE = file("etc/os-release", b'ID=debian\nVERSION_ID="12"\n')
STATUS = b"Package: bash\nStatus: install ok installed\nArchitecture: amd64\nVersion: 5.2.15-2\n"
SYSTEM = layer(RELEASE, file("var/lib/dpkg/status", STATUS))
SECRET = layer(file("app/.npmrc", f"//registry.example.com/:_authToken={TOKEN}\n".encode()))
GONE = layer(file("app/.wh..npmrc"))
MANIFEST = """\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {containers: [{name: web, image: "HOST/app:1"}, {name: other, image: "HOST/none:1"}]}
"""


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing of this machine's caches, logins, proxies and stores."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name in ("REGISTRY_AUTH_FILE", "XDG_RUNTIME_DIR", "DOCKER_HOST", "FOURC_DB"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "docker"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "docker").mkdir()
    folder = tmp_path / "team"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(words)
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def image(place: Path, *layers: Made, **config: object) -> str:
    return str(layout(place, layers, config_for(layers, **config)))


def test_the_json_report_of_an_image_fits_its_schema(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    named = image(tmp_path / "image", SYSTEM, SECRET, GONE, history=[{"created_by": "ADD rootfs /"}] * 3)
    code, out, _ = run(capsys, "scan", "image", named, "-f", "json")
    assert code == 0
    report = json.loads(out)
    schema = json.loads((Path(fourc.__file__).parent / "data" / "report.schema.json").read_text())
    Draft202012Validator(schema).validate(report)
    (secret,) = [one for one in report["findings"] if one["rule"] == "gitlab-pat"]
    assert secret["layer_of_image"] == {"diff_id": SECRET.diff_id, "step": "ADD rootfs /", "deleted": True}
    assert secret["location"]["path"] == "app/.npmrc"
    assert TOKEN not in out


@pytest.mark.parametrize("form", ["text", "json", "sarif", "gitlab", "cyclonedx", "spdx", "spdx3"])
def test_no_form_of_a_report_holds_the_value_of_a_secret(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    words = {"Env": [f"API_TOKEN={TOKEN}"], "Cmd": ["app", TOKEN]}
    named = image(tmp_path / "image", SYSTEM, SECRET, config=words, history=[{"created_by": f"RUN use {TOKEN}"}] * 2)
    for _ in range(2):
        code, out, err = run(capsys, "scan", "image", named, "-f", form)
        assert code == 0
        assert TOKEN not in out + err


def test_inspect_tells_a_non_expert_how_the_image_starts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    setuid = layer(file("usr/bin/su", b"x", mode=0o4755))
    named = image(
        tmp_path / "image",
        SYSTEM,
        setuid,
        config={"User": "app", "Entrypoint": ["/srv"], "ExposedPorts": {"80/tcp": {}}, "Env": ["A=b"]},
        history=[{"created_by": "/bin/sh -c #(nop) ADD rootfs /"}, {"created_by": "RUN /bin/sh -c install # buildkit"}],
    )
    code, out, _ = run(capsys, "image", "inspect", named)
    assert code == 0
    lines = {line.split("  ")[0]: line for line in out.splitlines()}
    assert "as app; by a name Kubernetes cannot tell" in out
    assert lines["Runs"].endswith("/srv")
    assert lines["Listens"].endswith("80/tcp")
    assert "usr/bin/su (4755, 0:0)" in lines["Setuid"]
    assert lines["Packages"].endswith("Debian:12, 1 packages")
    steps = [line.split("B  ")[1] for line in out.splitlines() if "kB  " in line]
    assert steps == ["ADD rootfs /", "RUN install"]


def test_inspect_as_json_has_layers_with_their_sizes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    named = image(tmp_path / "image", SYSTEM, SECRET)
    code, out, _ = run(capsys, "image", "inspect", named, "-f", "json")
    facts = json.loads(out)
    assert (code, facts["packages"], facts["secrets"]) == (0, 1, 1)
    assert facts["image"]["layers"] == [SYSTEM.diff_id, SECRET.diff_id]
    assert facts["image"]["layer_sizes"] == [len(SYSTEM.stored), len(SECRET.stored)]


@pytest.mark.parametrize("form", ["cyclonedx", "spdx", "spdx3"])
def test_sbom_is_what_scan_image_lists(tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    named = image(tmp_path / "image", SYSTEM)
    assert run(capsys, "image", "sbom", named, "-f", form) == run(capsys, "scan", "image", named, "-f", form)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("image", "sign", "x"), "comes with a later version"),
        (("image", "verify", "x"), "comes with a later version"),
        (("image", "paint", "x"), "cannot paint"),
        (("image", "inspect"), "one image"),
        (("image", "inspect", "x", "-f", "spdx"), "spdx is about sbom"),
        (("image", "sbom", "x", "-f", "json"), "json is about inspect"),
        (("scan", "image"), "no image was named"),
        (("scan", "image", "."), "fourc scan image --all ."),
        (("scan", "vulns", "--all"), "--all is about images"),
        (("scan", "image", "a b"), "neither a file nor the name of an image"),
        (("scan", "image", "none/at-all:1", "--offline"), "not in a local store"),
    ],
)
def test_what_cannot_be_meant_is_a_usage_error(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    code, out, err = run(capsys, *words)
    assert (code, out) == (2, "")
    assert said in err


def broken_digest(place: Path) -> str:
    made = layout(place, [SYSTEM])
    write_blob(made, SYSTEM.digest, gzip.compress(b"something else"))
    return str(made)


def wrong_diff_id(place: Path) -> str:
    return str(layout(place, [Made(SYSTEM.stored, digest_of(b"something else"))]))


@pytest.mark.parametrize("made", [broken_digest, wrong_diff_id])
def test_a_wrong_digest_is_refused_by_that_word(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], made: Callable[[Path], str]
) -> None:
    code, out, err = run(capsys, "scan", "image", made(tmp_path / "image"))
    assert (code, out) == (2, "")
    assert "digest" in err


def cut(place: Path) -> str:
    tar = tar_of(file("a", os.urandom(5000)))
    short = tar[:3000]
    return str(layout(place, [Made(short, digest_of(short), PLAIN)]))


def no_gzip(place: Path) -> str:
    return str(layout(place, [Made(b"\x1f\x8b\x08\0nonsense" * 10, digest_of(b""))]))


def bomb(place: Path) -> str:
    stored = gzip.compress(bytes(1 << 28), 9) * 8
    return str(layout(place, [Made(stored, digest_of(b""))]))


def empty(place: Path) -> str:
    place.mkdir()
    (place / "index.json").write_text("{}")
    (place / "oci-layout").write_text("{}")
    return str(place)


def nested(place: Path) -> str:
    place.mkdir()
    (place / "index.json").write_text("[" * 100_000)
    (place / "oci-layout").write_text("{}")
    return str(place)


def no_tar(place: Path) -> str:
    place.write_bytes(b"no image at all")
    return str(place)


@pytest.mark.parametrize("made", [cut, no_gzip, bomb, empty, nested, no_tar])
def test_a_broken_or_hostile_image_is_refused_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], made: Callable[[Path], str]
) -> None:
    code, out, err = run(capsys, "scan", "image", made(tmp_path / "image"))
    assert (code, out) == (2, "")
    assert err.startswith("fourc: ")
    assert "Traceback" not in err


def test_paths_that_lead_out_are_read_inside_and_nothing_is_written(
    tmp_path: Path, alone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = layer(
        file("../../outside", f'token = "{TOKEN}"'.encode()),
        file("/absolute", b"x"),
        other("link", tarfile.SYMTYPE, "/etc"),
        other("device", tarfile.CHRTYPE),
        other("fifo", tarfile.FIFOTYPE),
    )
    code, _, err = run(capsys, "scan", "image", image(tmp_path / "image", hostile))
    assert code in {0, 2}
    assert "Traceback" not in err
    assert not list(alone.iterdir())
    assert {path.name for path in tmp_path.iterdir()} <= {"image", "cache", "docker", "team", "home"}


def test_a_layer_that_cannot_be_read_makes_the_run_incomplete(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = Made(SECRET.stored, SECRET.diff_id, "application/vnd.example.unknown")
    code, out, _ = run(capsys, "scan", "image", image(tmp_path / "image", SYSTEM, odd), "-f", "json")
    assert code == 3
    assert [gap["reason"] for gap in json.loads(out)["gaps"]] == ["unsupported"]


def test_a_docker_archive_and_skopeos_conversions_read_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if shutil.which("skopeo") is None:
        pytest.skip("skopeo is not installed")
    tars = [tar_of(RELEASE, file("var/lib/dpkg/status", STATUS)), tar_of(file("a.py", f'token = "{TOKEN}"'.encode()))]
    source = docker_archive(tmp_path / "saved.tar", tars)
    targets = {
        f"oci:{tmp_path}/layout:app": f"{tmp_path}/layout",
        f"oci-archive:{tmp_path}/oci.tar:app": f"{tmp_path}/oci.tar",
        f"docker-archive:{tmp_path}/docker.tar:app:1": f"{tmp_path}/docker.tar",
    }
    seen = []
    for target in targets:
        subprocess.run(["skopeo", "copy", "-q", f"docker-archive:{source}", target], check=True)
    for named in (str(source), *targets.values()):
        code, out, _ = run(capsys, "scan", "image", named, "-f", "json")
        assert code == 0
        report = json.loads(out)
        findings = [(f["rule"], f["location"]["path"]) for f in report["findings"] if f["rule"] != "image-runs-as-root"]
        seen.append((findings, report["coverage"]["packages"], report["image"]["layers"]))
    assert seen[0][0] == [("gitlab-pat", "a.py")]
    assert seen == seen[:1] * 4


def test_all_images_of_the_manifests_come_from_a_registry_that_asks_who_is_there(
    tmp_path: Path, alone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with debians(tmp_path, login=True) as host:
        pushed(layout(tmp_path / "image", [SYSTEM, SECRET]), host, "app:1", "--dest-creds", f"{USER}:{PASSWORD}")
        (alone / "pod.yaml").write_text(MANIFEST.replace("HOST", host))
        code, out, _ = run(capsys, "scan", "image", "--all", "-f", "json")
        denied = {gap["subject"]: gap["reason"] for gap in json.loads(out)["gaps"]}
        assert code == 3
        assert denied == {f"{host}/app:1": "denied", f"{host}/none:1": "denied"}
        logged_in(tmp_path, host)
        code, out, _ = run(capsys, "scan", "image", "--all", "-f", "json")
        report = json.loads(out)
        assert code == 3
        assert {gap["subject"]: gap["reason"] for gap in report["gaps"]} == {f"{host}/none:1": "missing"}
        assert {f["image"] for f in report["findings"]} == {f"{host}/app:1"}
        assert [one["name"] for one in report["images"]] == [f"{host}/app:1"]
        code, out, _ = run(capsys, "plan", "--image", f"{host}/app:1", "-f", "json")
        assert code == 0
        assert "gitlab-pat" in {f["rule"] for f in json.loads(out)["findings"]}
        code, out, _ = run(capsys, "plan", "--images", "--offline", "-f", "json")
        assert code == 3


def test_a_team_ignores_a_secret_in_an_image_as_in_a_folder(
    tmp_path: Path, alone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    named = image(tmp_path / "image", SECRET)
    (alone / "a.py").write_text(f'token = "{TOKEN}"\n')
    _, out, _ = run(capsys, "scan", "secrets", ".", "-f", "json")
    (known,) = [f["fingerprint"] for f in json.loads(out)["findings"]]
    code, out, _ = run(capsys, "scan", "image", named, "-f", "json")
    assert known in {f["fingerprint"] for f in json.loads(out)["findings"]}
    code, _, err = run(capsys, "ignore", known, "--reason", "revoked", "--until", "2099-01-01")
    assert code == 0, err
    _, out, _ = run(capsys, "scan", "image", named, "-f", "json")
    report = json.loads(out)
    assert known not in {f["fingerprint"] for f in report["findings"]}
    assert "stale_ignores" not in report


def test_a_layer_of_many_files_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as tar:
        for number in range(20_000):
            tar.addfile(tarfile.TarInfo(f"srv/{number}"))
    code, _, _ = run(capsys, "scan", "image", image(tmp_path / "image", packed(target.getvalue())))
    assert code == 0


def test_an_image_for_another_platform_is_not_taken_for_the_one_that_was_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    named = image(tmp_path / "image", SYSTEM)
    code, _, err = run(capsys, "scan", "image", named, "--platform", "linux/s390x")
    assert code == 2
    assert "not for linux/s390x" in err


def test_an_operating_system_without_a_package_database_is_not_called_clean(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    named = image(tmp_path / "image", layer(RELEASE))
    code, out, _ = run(capsys, "scan", "image", named)
    assert code == 3
    assert "no package database tells" in out
