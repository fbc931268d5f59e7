"""OCaml: the exact versions in opam's files (https://opam.ocaml.org/doc/Manual.html#opam)."""

import re

from fourc.collect.packages.decoding import lines_of
from fourc.collect.packages.form import Given
from fourc.collect.packages.found import Found
from fourc.model.package import Listing

ECOSYSTEM = "opam"
_DEPENDS = re.compile(r"^depends\s*:\s*\[", re.MULTILINE)
_ITEM = re.compile(
    r'"(?P<name>[\w+-]{1,200})"(?:\s{0,200}\{(?P<formula>[^{}]{0,2000})\})?|(?P<end>\])|#[^\n]*',
)
_EXACT = re.compile(r'(?:^|&)\s*=\s*"([^"\n]{1,200})"')
_OWN = re.compile(r"=\s*version\b")
_PINNED = re.compile(r'\[\s*"([^".\n]{1,200})\.[^"\n]{1,200}"\s+"[^"\n]{1,2000}"\s*\]')
"""An entry of `pin-depends`: the package, its version, the repository."""
_DEV = re.compile(r"\bwith-(?:test|doc|dev-setup)\b")


def read_lock(given: Given) -> Listing:
    """`*.opam.locked`, as `opam lock` writes it: all packages; `dev` is what has `with-test`, `with-doc` or `with-dev-setup`."""
    return _depends(given).listing()


def read_file(given: Given) -> Listing:
    """`*.opam`: dependencies of one version, others are left open; `dev` as in a lock file.

    What has a file of its own beside, the version of this one or a repository as its place is no package of others.
    """
    found = _depends(given)
    return found.listing(found.direct)


def _depends(given: Given) -> Found:
    found = Found(given.path, ECOSYSTEM)
    code = "\n".join(line for _, line in lines_of(given))
    start = _DEPENDS.search(code)
    if start is None:
        return found
    pinned = {"ocaml", *_PINNED.findall(code)}
    at, line = start.start(), code.count("\n", 0, start.start()) + 1
    for item in _ITEM.finditer(code, start.end()):
        if item["end"]:
            break
        line += code.count("\n", at, item.start())
        at = item.start()
        formula = item["formula"] or ""
        exact = _EXACT.search(formula)
        name = item["name"] or ""
        if exact is not None and "|" not in formula:
            found.ask(name, exact[1], line, dev=_DEV.search(formula) is not None)
        elif name not in pinned and not _OWN.search(formula) and given.beside(f"{name}.opam") is None:
            found.leave_open(name)
    return found
