"""Which packages a node's own settings keep from being upgraded; dpkg has that in its database."""

import re

from fourc.collect.system.tree import Tree

_LOCKS = ("etc/dnf/plugins/versionlock.list", "etc/yum/pluginconf.d/versionlock.list")
_ZYPP = "etc/zypp/locks"
_WORLD = "etc/apk/world"
_ZYPP_NAME = re.compile(r"^[ \t]*solvable_name:[ \t]*(\S+)", re.MULTILINE)
_PINNED = re.compile(r"^([^\s=<>~@]+)(?:@\S+)?(?:=|<|~)")
_EPOCH = re.compile(r"^\d+:")
_LONG = 1_000_000


def held_names(tree: Tree) -> frozenset[str]:
    """Names that dnf's and yum's versionlock, zypper's locks, or versions in apk's world hold back."""
    held: set[str] = set()
    for path in _LOCKS:
        held.update(filter(None, map(_locked, _text(tree, path).splitlines())))
    held.update(_ZYPP_NAME.findall(_text(tree, _ZYPP)))
    for word in _text(tree, _WORLD).split():
        if match := _PINNED.match(word):
            held.add(match[1])
    return frozenset(held)


def _locked(line: str) -> str:
    """The name of `bash-0:5.1.8-6.el9.*` (dnf) or `0:bash-5.1.8-6.el9.*` (yum); `!` bars a version instead of keeping one."""
    line = line.partition("#")[0].strip()
    if not line or line.startswith("!"):
        return ""
    parts = _EPOCH.sub("", line).rsplit("-", 2)
    return parts[0] if len(parts) == 3 else line


def _text(tree: Tree, path: str) -> str:
    return (tree.read(path) or b"")[:_LONG].decode("utf-8", "replace")
