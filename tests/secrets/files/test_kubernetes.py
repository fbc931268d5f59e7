"""Secrets in manifests: every value, with its key and its line, in every way that people and tools write them."""

import json
from base64 import b64encode

import pytest
from tests.secrets.peers import ABSENT, CASES

from fourc.secrets.files.registry import entries
from fourc.secrets.hit import Hit


def _encoded(value: str) -> str:
    return b64encode(value.encode()).decode()


def _found(text: str, path: str = "deploy/secret.yaml") -> dict[str, tuple[int, str, tuple[str, ...]]]:
    """By key: the line, the value and the encodings."""
    raw = text.encode()
    return {
        hit.key or "": (raw.count(b"\n", 0, hit.start) + 1, hit.value, hit.via)
        for hit in entries(path, raw)
        if hit.rule == "kubernetes-secret-yaml"
    }


SECRET = f"""\
apiVersion: v1
kind: Secret
metadata:
  name: db
data:
  password: {_encoded("blauer-Hund-42")}
"""


def test_a_value_is_told_decoded_at_the_place_of_the_encoded_text() -> None:
    hits = list(entries("secret.yaml", SECRET.encode()))
    start = SECRET.index(_encoded("blauer-Hund-42"))
    end = start + len(_encoded("blauer-Hund-42"))
    assert hits == [Hit("kubernetes-secret-yaml", start, end, "blauer-Hund-42", ("base64",), "password")]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("data:\n  k: VALUE\nkind: Secret\napiVersion: v1\n", 2, id="kind-after-data"),
        pytest.param(
            "kind: ConfigMap\n---\n# x\nkind: Secret\ndata:\n  k: VALUE\n---\nkind: Pod\n", 6, id="second-document"
        ),
        pytest.param("kind: Secret\ndata:\n  k: |\n    VALUE\n", 4, id="literal-block"),
        pytest.param("kind: Secret\ndata:\n  k: >-\n\n    VALUE\n", 5, id="folded-block"),
        pytest.param('kind: "Secret"\ndata: {a: "", "k": \'VALUE\'}\n', 2, id="flow"),
        pytest.param("kind: Secret\ndata:\n  ? k\n  : x\n  k: !!binary VALUE # note\n", 5, id="tag"),
        pytest.param("kind: secret\ndata:\n\tk: VALUE\n", 3, id="tabs"),
        pytest.param("kind: List\nitems:\n- kind: Secret\n  data:\n    k: VALUE\n", 5, id="list"),
        pytest.param(
            '{"kind": "List", "apiVersion": "v1", "items": [\n{"data":\n{"k": "VALUE"}, "kind": "Secret"}]}',
            3,
            id="json",
        ),
        pytest.param(
            "kind: ConfigMap\ndata:\n  x.yaml: |\n    apiVersion: v1\n    kind: Secret\n    data:\n      k: VALUE\n",
            7,
            id="in-a-text",
        ),
        pytest.param(
            'kind: Pod\nmetadata:\n  annotations:\n    last: |\n      {"apiVersion":"v1","data":{"k":"VALUE"},"kind":"Secret"}\n',
            5,
            id="last-applied",
        ),
        pytest.param("kind: SecretList\nitems:\n- data:\n    k: VALUE\n", 4, id="secret-list"),
        pytest.param("{{- if .Values.on }}\nkind: Secret\ndata:\n  k: VALUE\n{{- end }}\n", 4, id="template"),
        pytest.param("kind: Secret\r\ndata:\r\n  # 密码\r\n  k: VALUE\r\n", 4, id="crlf-and-chinese"),
        pytest.param("\ufeffkind: Secret\ndata:\n  k: VALUE", 3, id="byte-order-mark"),
        pytest.param("kind: Secret\ndata:\n  j: [broken\n  k: VALUE\n", 4, id="broken"),
    ],
)
def test_key_and_line_are_right_however_it_is_written(text: str, line: int) -> None:
    found = _found(text.replace("VALUE", _encoded("roter-Fuchs-9")))
    assert found["k"] == (line, "roter-Fuchs-9", ("base64",))


def test_what_is_to_be_filled_in_is_no_secret() -> None:
    text = "kind: Secret\ndata:\n  a: {{ .Values.a }}\n  b: ''\n  c: %s\nstringData:\n  d: ${D}\n  e: 你的密码\n  f: <password>\n"
    assert _found(text % _encoded("changeme")) == {}


def test_certificates_are_none_and_a_private_key_beside_them_is() -> None:
    certificate = "-----BEGIN CERTIFICATE-----\nbm90IHJlYWw=\n-----END CERTIFICATE-----\n"
    key = "-----BEGIN PRIVATE KEY-----\nbm90IHJlYWw=\n-----END PRIVATE KEY-----\n"
    text = f"kind: Secret\ndata:\n  tls.crt: {_encoded(certificate)}\n  tls.key: {_encoded(key)}\n"
    assert _found(text) == {"tls.key": (4, key, ("base64",))}


def test_string_data_and_what_is_no_base64_are_told_as_they_stand() -> None:
    text = "kind: Secret\ndata:\n  a: not base64!\nstringData:\n  b: 'it''s so'\n"
    assert _found(text) == {"a": (3, "not base64!", ()), "b": (5, "it's so", ())}


def test_a_default_inside_a_template_is_a_secret() -> None:
    text = 'kind: Secret\ndata:\n  a: {{ "graue-Maus-3" | b64enc }}\n  b: {{ .Values.b | default "weisse-Maus-4" | b64enc }}\n'
    assert _found(text) == {"a": (3, "graue-Maus-3", ()), "b": (4, "weisse-Maus-4", ())}


def test_registry_passwords_are_taken_out_of_a_docker_configuration() -> None:
    """Each one, by what it is and as a value of the Secret that it also is."""
    auths = {"a.example.org": "anna:kleiner-Berg-27", "b.example.org": "bert:grosses-Tal-81"}
    config = json.dumps({"auths": {host: {"auth": _encoded(login)} for host, login in auths.items()}})
    text = f"kind: Secret\ntype: kubernetes.io/dockerconfigjson\ndata:\n  .dockerconfigjson: {_encoded(config)}\n"
    start = text.index(_encoded(config))
    assert list(entries("pull.yaml", text.encode())) == [
        Hit(rule, start, start + len(_encoded(config)), password, ("base64", "base64"), ".dockerconfigjson")
        for rule in ("docker-config-auth", "kubernetes-secret-yaml")
        for password in ("kleiner-Berg-27", "grosses-Tal-81")
    ]


@pytest.mark.parametrize("kind", ["ExternalSecret", "SealedSecret", "SopsSecret", "SecretList", "ConfigMap"])
def test_other_kinds_are_no_secrets(kind: str) -> None:
    assert _found(f"kind: {kind}\ndata:\n  k: {_encoded('roter-Fuchs-9')}\n") == {}


@pytest.mark.skipif(not CASES.exists(), reason=ABSENT)
def test_nearly_every_known_secret_is_found_inside_a_secret() -> None:
    """Right key, right line, right value; what is missing looks like something to be filled in."""
    rows = [json.loads(line) for line in CASES.read_text().splitlines()]
    texts = [row["text"] for row in rows if row["expect"] and row["text"]]
    missing = [
        text
        for text in texts
        if _found(SECRET + f"  theKey: {_encoded(text)}\n").get("theKey") != (7, text, ("base64",))
    ]
    assert len(missing) <= len(texts) // 1000, missing
