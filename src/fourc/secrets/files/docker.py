"""Registry credentials as docker, podman and kubelet keep them.

https://docs.docker.com/reference/cli/docker/login/#credential-stores, containers-auth.json(5)
"""

from collections.abc import Iterator

from fourc.secrets.files import flow_text
from fourc.secrets.files.base64_text import decoded_text
from fourc.secrets.files.format import Format, rule
from fourc.secrets.files.placeholder import is_placeholder
from fourc.secrets.hit import Hit
from fourc.secrets.rule import Kind

_RULE = rule("docker-config-auth", "container registry", Kind.CREDENTIAL)
_PLAIN = frozenset({"password", "identitytoken", "registrytoken"})


def find(text: bytes) -> Iterator[Hit]:
    """`auth` is `user:password` in base64; the password may also stand beside it."""
    for leaf in flow_text.leaves(text):
        if leaf.name == "auth" and len(leaf.path) > 1:
            _, colon, password = (decoded_text(leaf.value) or "").partition(":")
            if colon and not is_placeholder(password):
                yield Hit(_RULE.id, leaf.start, leaf.end, password, ("base64",), "auth")
        elif leaf.name in _PLAIN and not is_placeholder(leaf.value):
            yield Hit(_RULE.id, leaf.start, leaf.end, leaf.value, (), leaf.name)


FORMATS = (
    Format(
        (
            *(".dockercfg", "*.dockercfg", ".dockerconfigjson", "dockerconfig.json", "docker-config*.json"),
            *("*/.docker/config.json", "*/docker/config.json", "*/.kaniko/config.json", "*/containers/auth.json"),
        ),
        (_RULE,),
        find,
    ),
)
