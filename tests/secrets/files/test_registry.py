"""Which formats a file has by its name or its beginning, and that no file of any sort is trouble."""

import re
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourc.secrets.files.registry import FORMATS, RULES, entries, formats
from fourc.secrets.rule import Structure


def _ids(path: str) -> set[str]:
    return {row.id for format_ in formats(path) for row in format_.rules}


def test_a_rule_is_named_once_and_known_by_its_place() -> None:
    ids = [row.id for row in RULES]
    assert len(ids) == len(set(ids))
    assert [name for name in ids if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)] == []
    assert [row.id for row in RULES if row.shape != Structure(row.id)] == []


def test_names_are_lower_case_since_paths_are_compared_so() -> None:
    assert [name for format_ in FORMATS for name in format_.names if name != name.lower()] == []


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        (".env", "dotenv-secret"),
        ("app/.ENV.Production.local", "dotenv-secret"),
        ("prod.env", "dotenv-secret"),
        ("home/anna/.docker/config.json", "docker-config-auth"),
        ("src/main/resources/application-prod.yml", "spring-yaml-secret"),
        ("src/bootstrap.properties", "spring-properties-secret"),
        ("group_vars/web/vault.yml", "ansible-variable-secret"),
        ("charts/shop/values-prod.yaml", "helm-value-secret"),
        ("terraform.tfstate.backup", "terraform-state-secret"),
        ("NuGet.Config", "nuget-config-password"),
        (".github/workflows/ci.yml", "ci-variable-secret"),
        ("root/.zsh_history", "shell-history-password"),
        ("backup/.ssh/id_ed25519_work", "private-key"),
        ("etc/NetworkManager/system-connections/Home", "wifi-password"),
    ],
)
def test_a_file_is_known_by_its_name_in_any_case(path: str, rule: str) -> None:
    assert rule in _ids(path)


@pytest.mark.parametrize(
    "path", ["main.go", "docs/env.md", "a/values/x.go", "README.md", "a.png", "src/settings/x.ts", ""]
)
def test_sources_and_texts_have_no_format(path: str) -> None:
    assert _ids(path) <= {"kubernetes-secret-yaml", "kubeconfig-credential"}


def test_a_private_key_is_known_by_its_beginning_whatever_its_file_is_called() -> None:
    body = "bm90IGEga2V5IGJ1dCBsb25nIGVub3VnaCB0byBiZSB0YWtlbiBmb3Igb25l"
    text = f"-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----".encode()
    assert [(hit.rule, hit.start, hit.end) for hit in entries("deploy", text)] == [("private-key", 0, len(text))]


def test_a_manifest_without_a_name_is_read() -> None:
    assert [hit.value for hit in entries("", b"kind: Secret\nstringData: {a: roter-Fuchs-9}\n")] == ["roter-Fuchs-9"]


def test_a_place_is_told_once_though_several_formats_know_it() -> None:
    text = b"apiVersion: v1\nkind: Secret\nmetadata: {name: x}\nstringData:\n  password: roter-Fuchs-9\n"
    assert [(hit.rule, hit.key) for hit in entries("values.yaml", text)] == [("kubernetes-secret-yaml", "password")]


NAMES = sorted({name.replace("*/", "x/").replace("*", "x") for format_ in FORMATS for name in format_.names})
PIECES = [
    *(
        "[",
        '{"a":',
        "- ",
        'a: "\n',
        "a: |\n",
        'a="',
        "\0",
        " ",
        "\t",
        "-----BEGIN PRIVATE KEY-----\n",
        '<a "',
        "<![CDATA[",
        "password=",
    ),
    *(
        "a://b:c",
        "mysql -p",
        "echo a | b ",
        "kind: Secret\ndata:\n",
        "a:\n",
        "${a:-",
        "{{",
        "密码：",
        "a:b:c:d:e",
        'LoginModule password="',
    ),
    *(
        "<RSAKeyValue><D>",
        "PuTTY-User-Key-File-2:\nEncryption: none\n",
        '\\"',
        "<auth-user-pass>\n",
        '"kty"',
        "current-context",
    ),
]


@pytest.mark.parametrize("piece", PIECES)
def test_time_grows_with_length_alone(piece: str) -> None:
    """Ten times as much of what readers trip over takes nowhere near a hundred times as much of the processor."""
    names = [
        ".env",
        "a.yaml",
        "a.json",
        "a.xml",
        "settings.py",
        "x.sh",
        ".bash_history",
        "a.properties",
        "redis.conf",
        "id_rsa",
        ".netrc",
    ]

    def spent(size: int) -> float:
        text = (piece * size)[:size].encode()
        begun = process_time()
        for name in names:
            for _ in entries(name, text):
                pass
        return process_time() - begun

    assert spent(30_000) < 45 * max(spent(3_000), 0.005)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(NAMES),
    st.binary(max_size=300) | st.lists(st.sampled_from(PIECES), max_size=20).map(lambda p: "".join(p).encode()),
)
def test_no_text_is_an_error_under_any_name(name: str, text: bytes) -> None:
    assert all(0 <= hit.start <= hit.end <= len(text) for hit in entries(name, text))


def test_a_manifest_that_is_called_like_secrets_of_rails_is_none() -> None:
    manifest = b"apiVersion: v1\nkind: Secret\nmetadata: {name: db}\ndata:\n  password: Y2hhbmdlLW1lLWxhdGVy\n"
    assert list(entries("deploy/secrets.yaml", manifest)) == []
    assert [hit.rule for hit in entries("config/secrets.yml", b"production:\n  db_password: Xk29vPq8mZ\n")] == [
        "rails-secret"
    ]
