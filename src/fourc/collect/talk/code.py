"""Clients that Java and Kotlin sources declare by a service's name: Feign, Dubbo, Spring's load-balanced URLs."""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field

from fourc.collect.files import list_files
from fourc.collect.limits import Budget, Limits
from fourc.collect.reading import read_file
from fourc.model.flows import Code, CodeClient

_SOURCES = frozenset({".java", ".kt"})
_EXTENSIONS = _SOURCES | {".yml", ".yaml", ".properties", ".xml", ".gradle", ".kts"}
_LONGEST = 262_144
"""Bytes of one file that are read: no source that a person writes is longer."""
_BUILDS = frozenset({"pom.xml", "build.gradle", "build.gradle.kts"})
_COMMENT = re.compile(r'"(?:\\.|[^"\\\n])*"|/\*.*?\*/|//[^\n]*', re.DOTALL)
_FEIGN = re.compile(r"@FeignClient\s*\(((?:[^()\"]|\"(?:\\.|[^\"\\])*\"|\([^()]*\))*)\)", re.DOTALL)
_ATTRIBUTE = re.compile(r'\b(name|value|serviceId|url)\s*=\s*("(?:\\.|[^"\\])*"|[\w.]+)')
_FIRST = re.compile(r'\s*("(?:\\.|[^"\\])*"|[A-Z][\w.]*)\s*(?:,|\Z)', re.DOTALL)
_CONSTANT = re.compile(r'\b(?:String|const\s+val)\s+(\w+)(?:\s*:\s*String)?\s*=\s*"([^"]+)"')
_REFERENCE = re.compile(
    r"@(?:DubboReference|Reference)\b(?:\s*\([^()]*\))?\s*(?:@\w+(?:\([^()]*\))?\s*)*"
    r"(?:(?:private|protected|public|final|static|lateinit|internal)\s+)*"
    r"(?:va[lr]\s+\w+\s*:\s*([A-Z][\w.]*)|([A-Z][\w.]*)(?:<[^>]*>)?\s+\w+\s*[;=])"
)
_PROVIDER = re.compile(
    r"@(?:DubboService|Service)\b(?:\s*\([^()]*\))?[^{]*?\bclass\s+\w+[^{]*?(?:\bimplements\s+|:\s*)([\w\s,.<>]+?)\s*\{",
    re.DOTALL,
)
_URL = re.compile(r'"(?:lb|http|https)://([a-z][a-z0-9]*(?:-[a-z0-9]+)*)(?::\d+)?(?=[/"?$])')
_ROUTE = re.compile(r"\blb(?::ws)?://([A-Za-z][\w-]*)")
_APPLICATION = re.compile(
    r"^(?:spring|dubbo)\.application\.name\s*[=:]\s*(\S+)|^[ ]*application\s*:\s*(?:#.*)?\n\s+name\s*:\s*(\S+)",
    re.MULTILINE,
)
_DEFAULT = re.compile(r"\$\{[^:}]*:([^}]*)\}")
_DEPENDS = re.compile(r"<artifactId>\s*([\w.-]+)\s*</artifactId>|project\(\s*(?:path\s*[:=]\s*)?[\"']:?([\w:.-]+)[\"']")


class _Module(Struct):
    """One module of the build: the folder above its `src`."""

    folder: str
    names: set[str] = field(default_factory=set)
    depends: set[str] = field(default_factory=set)
    clients: list[tuple[str, str]] = field(default_factory=list)
    references: list[tuple[str, str]] = field(default_factory=list)
    provides: set[str] = field(default_factory=set)
    has_sources: bool = False

    @property
    def called(self) -> set[str]:
        """Its application names; without any, its folder's name."""
        return self.names or {posixpath.basename(self.folder)}


def read_code(root: Path, limits: Limits | None = None) -> Code:
    """The applications whose sources lie below the root and whom they call by name.

    A client that a shared module declares belongs to every module that depends on it.
    """
    budget = Budget(limits or Limits())
    files, _ = list_files(root, [root], budget, extensions=_EXTENSIONS)
    texts: list[tuple[str, str]] = []
    for file in files:
        if budget.late:
            break
        data = read_file(file, budget)
        if isinstance(data, bytes):
            texts.append((file.shown, data[:_LONGEST].decode("utf-8", "replace")))
    return code_of(texts, posixpath.basename(str(root.resolve())))


def code_of(texts: Sequence[tuple[str, str]], name: str) -> Code:
    """The same from texts by their shown paths; `name` is the root folder's."""
    constants = _constants(text for path, text in texts if posixpath.splitext(path)[1] in _SOURCES)
    modules: dict[str, _Module] = {}
    builds = {posixpath.dirname(path) for path, _ in texts if posixpath.basename(path) in _BUILDS}
    for path, text in texts:
        folder = _module_of(path, builds)
        module = modules.setdefault(folder, _Module(folder or name))
        _read_into(module, path, text, constants)
    for module in modules.values():
        module.depends.discard(posixpath.basename(module.folder))
    known = {k: m for k, m in modules.items() if m.has_sources}
    providers: dict[str, set[str]] = {}
    for module in known.values():
        for interface in module.provides:
            providers.setdefault(interface, set()).update(module.called)
    return Code(
        frozenset(n for m in known.values() for n in m.called), tuple(dict.fromkeys(_clients(known, providers)))
    )


def _clients(modules: Mapping[str, _Module], providers: Mapping[str, set[str]]) -> Iterator[CodeClient]:
    for folder in sorted(modules):
        module = modules[folder]
        users = sorted(n for m in _users(module, modules) for n in m.called)
        calls = list(module.clients)
        calls += [(p, place) for i, place in module.references for p in sorted(providers.get(i, ()))]
        for service, place in calls:
            yield from (
                CodeClient(user.lower(), service.lower(), place) for user in users if user.lower() != service.lower()
            )


def _users(module: _Module, modules: Mapping[str, _Module]) -> list[_Module]:
    """The module and all that depend on it, over others too."""
    found = [module]
    for user in found:
        own = posixpath.basename(user.folder)
        found += [m for m in modules.values() if own in m.depends and m not in found]
    return found


def _module_of(path: str, builds: set[str]) -> str:
    head, src, _ = path.partition("/src/")
    if src:
        return head
    folder = posixpath.dirname(path)
    while folder and folder not in builds:
        folder = posixpath.dirname(folder)
    return "" if path.startswith("src/") else folder


def _read_into(module: _Module, path: str, text: str, constants: Mapping[str, str]) -> None:
    name, extension = posixpath.basename(path), posixpath.splitext(path)[1]
    if extension in _SOURCES:
        if "/src/test/" not in f"/{path}":
            module.has_sources = True
            _read_source(module, path, text, constants)
    elif name in _BUILDS:
        module.depends |= {(m[1] or m[2]).rpartition(":")[2] for m in _DEPENDS.finditer(text)}
    elif "/resources/" in path and name.startswith(("application", "bootstrap")):
        module.names |= {_literal(m[1] or m[2]) for m in _APPLICATION.finditer(text)} - {""}
        module.clients += [(m[1], f"{path}:{_line(text, m.start())}") for m in _ROUTE.finditer(text)]


def _read_source(module: _Module, path: str, text: str, constants: Mapping[str, str]) -> None:
    code = _COMMENT.sub(_blank, text)
    for match in _FEIGN.finditer(code):
        service = _feign(match[1], constants)
        if service:
            module.clients.append((service, f"{path}:{_line(code, match.start())}"))
    module.clients += [(m[1], f"{path}:{_line(code, m.start())}") for m in _URL.finditer(code)]
    if "dubbo" in code.lower():
        for match in _REFERENCE.finditer(code):
            interface = (match[1] or match[2]).rpartition(".")[2]
            module.references.append((interface, f"{path}:{_line(code, match.start())}"))
        for match in _PROVIDER.finditer(code):
            module.provides |= {re.sub(r"<.*", "", part).strip().rpartition(".")[2] for part in match[1].split(",")}


def _feign(arguments: str, constants: Mapping[str, str]) -> str:
    """The service's name; a fixed `url` goes before it, as in Feign."""
    found = {m[1]: m[2] for m in _ATTRIBUTE.finditer(arguments)}
    url = _value(found.get("url", ""), constants)
    if url:
        return re.sub(r"^\w+://", "", url).partition("/")[0].partition(":")[0].partition(".")[0]
    first = _FIRST.match(arguments)
    written = found.get("name") or found.get("value") or found.get("serviceId") or (first[1] if first else "")
    return _value(written, constants)


def _value(written: str, constants: Mapping[str, str]) -> str:
    if written.startswith('"'):
        return _literal(written)
    return constants.get(written) or constants.get(written.rpartition(".")[2], "") if written else ""


def _literal(text: str) -> str:
    """A value without quotes; of a placeholder its default."""
    text = _DEFAULT.sub(r"\1", text.strip("\"'"))
    return "" if "${" in text or "@" in text else text


def _constants(texts: Iterator[str]) -> Mapping[str, str]:
    """Text constants by their bare name; where several classes use one name, the last counts."""
    return {m[1]: m[2] for text in texts for m in _CONSTANT.finditer(text)}


def _blank(match: "re.Match[str]") -> str:
    """Comments as blank lines, texts as they are."""
    return match[0] if match[0].startswith('"') else "\n" * match[0].count("\n")


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
