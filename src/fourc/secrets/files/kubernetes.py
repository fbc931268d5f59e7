"""Secrets as manifests carry them, kubeconfigs, and passwords in other manifests' variables.

https://kubernetes.io/docs/concepts/configuration/secret/,
https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
"""

from collections.abc import Iterator

from msgspec.structs import replace

from fourc.model.finding import Confidence, Severity
from fourc.secrets.files import docker, private_keys, yaml_text
from fourc.secrets.files.automation import settings
from fourc.secrets.files.base64_text import decoded, decoded_text
from fourc.secrets.files.format import Format, keyed, rule
from fourc.secrets.files.leaf import Leaf, plain
from fourc.secrets.files.manifest_lists import may_hold
from fourc.secrets.files.placeholder import is_placeholder
from fourc.secrets.hit import Hit
from fourc.secrets.late import late
from fourc.secrets.rule import Kind

_SECRET = rule(
    "kubernetes-secret-yaml",
    "Kubernetes Secret",
    Kind.CREDENTIAL,
    generic=True,
    references=("gitleaks:kubernetes-secret-yaml",),
)
_KUBECONFIG = rule("kubeconfig-credential", "kubeconfig", Kind.CREDENTIAL, Severity.CRITICAL)
_VARIABLE = rule("manifest-plain-secret", "manifest", Kind.CREDENTIAL, Severity.HIGH, Confidence.MEDIUM, generic=True)

_IS_SECRET = late(rb"""kind["']?[ \t]*:[ \t]*["']?[Ss](?i:ecret)(?:List)?\b""")
_IS_JSON = late(rb"\s*+\{(?!\{)")
_IS_V1 = late(
    rb"""apiVersion["']?[ \t]*:[ \t]*["']?v1\b"""
)  # which the schemas of the API do not say, though they name the kind
_IS_OBJECT = late(rb"""apiVersion["']?[ \t]*:[ \t]*["']?[a-z]""")
_NAME = rb"(?i:[\w.-]{0,60}(?:pass|pwd|secret|token|key|cred)[\w.-]{0,60})"
# What a manifest says where a password may stand in it in plain text: a variable, an argument, a URL, a field of a ConfigMap.
_MAY_HOLD = (
    late(rb"""name["']?[ \t]*:[ \t]*["']?[\w.-]*["']?,?\s+["']?value["']?[ \t]*:[ \t]*[^\s]"""),
    late(rb"--" + _NAME + rb"=[^\s$]"),
    late(rb"://[^\s/@:]{0,60}:[^\s/@]{1,100}@"),
)
_IS_MAP = late(rb"""kind["']?[ \t]*:[ \t]*["']?ConfigMap\b""")
_DOCKER = frozenset({".dockerconfigjson", ".dockercfg"})
_LITERAL = late(
    r"""\{\{-?\s*(?:b64enc\s+)?(?:default\s+)?"([^"{}]+)"[^{}]*\}\}|\{\{[^{}]*\|\s*default\s+"([^"{}]+)"[^{}]*\}\}"""
)


def find_secrets(text: bytes, depth: int = 2) -> Iterator[Hit]:
    """Every value of every Secret, also of those in lists and inside other objects, whatever its key is called.

    A manifest may hold a manifest as a text, as ConfigMaps for installers and `last-applied-configuration` do.
    """
    if b"kind" not in text or not _IS_SECRET.search(text):
        return
    for offset, document in yaml_text.documents(text):
        if not _IS_SECRET.search(document) or _is_schema(document):
            continue
        leaves = list(yaml_text.leaves(document))
        kinds = {leaf.path[:-1] for leaf in leaves if leaf.path[-1] == "kind" and leaf.value.lower() == "secret"}
        lists = {
            (*leaf.path[:-1], "items") for leaf in leaves if leaf.path[-1] == "kind" and leaf.value == "SecretList"
        }
        tokens = {
            leaf.path[:-1]
            for leaf in leaves
            if leaf.path[-1] == "type" and leaf.value == "kubernetes.io/service-account-token"
        }
        for leaf in leaves:
            parent, field = leaf.path[:-2], leaf.path[-2] if len(leaf.path) > 1 else ""
            if (parent in kinds or parent[:-1] in lists) and field in {"data", "stringData"}:
                if not (parent in tokens and leaf.path[-1] == "namespace"):
                    yield from _of_secret(leaf.moved(offset), encoded=field == "data")
            elif depth and "ecret" in leaf.value:
                begin = offset + leaf.start
                for hit in find_secrets(document[leaf.start : leaf.end], depth - 1):
                    yield replace(hit, start=hit.start + begin, end=hit.end + begin)


def _is_schema(document: bytes) -> bool:
    """Whether a JSON text names kinds without being of one: schemas of the API do, and are large."""
    return _IS_JSON.match(document) is not None and not _IS_V1.search(document)


def _of_secret(leaf: Leaf, *, encoded: bool) -> Iterator[Hit]:
    key = leaf.path[-1]
    raw = decoded(leaf.value) if encoded and leaf.value else None
    value, via = (leaf.value, ()) if raw is None else (plain(raw), ("base64",))
    if literal := _LITERAL.fullmatch(value.strip().strip("\"'")):  # a template that holds its own default
        value = literal[1] or literal[2]
    if is_placeholder(value) or private_keys.is_public(value):
        return
    inner = list(docker.find(value.encode())) if key in _DOCKER else []
    for hit in inner:
        yield Hit(hit.rule, leaf.start, leaf.end, hit.value, (*via, *hit.via), key)
    for hit in inner:  # a Secret's value as well, so that the look of one does not tell the encoded text beside it
        yield Hit(_SECRET.id, leaf.start, leaf.end, hit.value, (*via, *hit.via), key)
    if not inner:
        yield Hit(_SECRET.id, leaf.start, leaf.end, value, via, key)


def find_kubeconfig(text: bytes) -> Iterator[Hit]:
    """Tokens, passwords and private keys of a kubeconfig's users."""
    for leaf in yaml_text.leaves(text):
        key = leaf.path[-1]
        if "users" not in leaf.path or is_placeholder(leaf.value):
            continue
        if key == "client-key-data":
            value = decoded_text(leaf.value)
            yield Hit(_KUBECONFIG.id, leaf.start, leaf.end, value or leaf.value, ("base64",) if value else (), key)
        elif key in {"token", "password", "id-token", "refresh-token", "client-secret", "access-token"}:
            yield Hit(_KUBECONFIG.id, leaf.start, leaf.end, leaf.value, (), key)


def _variables(text: bytes) -> Iterator[Leaf]:
    """What other manifests say in plain text: variables and arguments of containers, data of ConfigMaps."""
    if b"kind" not in text or (_IS_JSON.match(text) and not _IS_OBJECT.search(text)):
        return
    for offset, document in yaml_text.documents(text):
        is_map = _IS_MAP.search(document) is not None and not _is_schema(document)
        if not is_map and not (any(pattern.search(document) for pattern in _MAY_HOLD) and may_hold(document)):
            continue
        leaves = list(settings(document))
        maps = (
            {leaf.path[:-1] for leaf in leaves if leaf.path[-1] == "kind" and leaf.value == "ConfigMap"}
            if is_map
            else set()
        )
        for leaf in leaves:
            of_map = leaf.path[-2:-1] == ("data",) and leaf.path[:-2] in maps and "\n" not in leaf.value
            if of_map or leaf.path[-3:-2] in {("env",), ("args",), ("command",)}:
                yield leaf.moved(offset)


_MANIFESTS = ("", "*.yaml", "*.yml", "*.json", "*.yaml.*", "*.yml.*", "*.tpl", "*.gotmpl", "*.tmpl", "*.j2")

FORMATS = (
    Format(_MANIFESTS, (_SECRET,), find_secrets),
    Format(
        (*_MANIFESTS, "kubeconfig", "*.kubeconfig", "kubeconfig*", "*kubeconfig", "*/.kube/*", "*.conf"),
        (_KUBECONFIG,),
        find_kubeconfig,
        (b"current-context", b"client-key-data"),
    ),
    keyed(_VARIABLE, "*.yaml *.yml *.json", _variables),
)
