"""Credentials that stand readable in a container's variables and arguments, and the one Secret that takes them all."""

import posixpath
import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from fourc.checks.credentials import is_credential, shape_of
from fourc.model.kubernetes.pod import Container, EnvVar, Workload
from fourc.model.text import Text

_CAUTION = Text(
    "the old values stay in git history: change them in the services that check them, then make the Secret with all the "
    "new ones in one command: `kubectl create secret generic {secret} -n {namespace} {literals}`; without the Secret new "
    "pods stay in CreateContainerConfigError",
    "旧值仍在 git 历史中：请先更换它们，然后用新值一次创建 Secret（所有键写在同一条命令里）："
    "`kubectl create secret generic {secret} -n {namespace} {literals}`；没有该 Secret，新 Pod 会停在 CreateContainerConfigError",
)
_IN_VALUE = re.compile(r"(?:^|\s)--?D?(?P<name>[A-Za-z_][\w.-]{1,80})=[\"']?(?P<value>[^\s\"']{1,300})")
_OPTION = re.compile(r"(?P<name>[A-Za-z_][\w.-]{1,80})(?:=|[ \t]+)[\"']?(?P<value>(?!-)[^\s\"']{1,300})")
_WORD = re.compile(r"[^\s\"']+")
_FLAG = re.compile(r"--?(?P<name>[A-Za-z][\w.-]{1,80})")

# Programs whose one-letter option is a password: with its value attached (MySQL), apart (Redis), or either.
_MYSQL = (
    r"(?:mysql(?:dump|pump|admin|import|check|show|slap|binlog|sh|_upgrade)?|"
    r"mariadb(?:-dump|-admin|-import|-check|-show|-slap|-binlog|-backup|-upgrade)?|mariabackup|xtrabackup|innobackupex)"
)
_REDIS = r"(?:redis-cli|redis-benchmark|valkey-cli|valkey-benchmark|keydb-cli)"
_EITHER = r"(?:mongo(?:sh|dump|restore|export|import|stat|top)?|sshpass)"
_VALUE = r"(?:'(?P<single>[^'\n]{1,300})'|\"(?P<double>[^\"\n]{1,300})\"|(?P<bare>[^\s\"'`;|&<>()]{1,300}))"
_SHORT = tuple(
    (re.compile(programs), flag, gap)
    for programs, flag, gap in ((_MYSQL, "-p", ""), (_REDIS, "-a", r"[ \t]+"), (_EITHER, "-p", r"[ \t]*"))
)
_IN_LINE = tuple(
    re.compile(rf"(?<![\w.-])(?P<program>{programs.pattern})(?=\s)(?:\\\n|[^;|&\n]){{0,500}}?\s{flag}{gap}{_VALUE}")
    for programs, flag, gap in _SHORT
)


class Readable(Struct, frozen=True):
    """A credential in one string of `command` or `args`: its characters `start` to `end`, and the variable for it."""

    field: str
    index: int
    name: str
    text: str
    start: int
    end: int
    variable: str = ""


def in_variables(container: Container) -> Iterator[EnvVar]:
    """The variables whose value is a credential, or has an option that is given one (`--db.password=...`)."""
    return (v for v in container.env if v.value is not None and _holds(v.name, v.value))


def _holds(name: str, value: str) -> bool:
    return is_credential(name, value) or any(is_credential(o["name"], o["value"]) for o in _IN_VALUE.finditer(value))


def in_arguments(container: Container) -> Iterator[Readable]:
    """The first credential of every string, each with a variable that is free; the next scan finds a second one."""
    taken = {v.name for v in container.env}
    for hit in _hits(container):
        variable = re.sub(r"\W+", "_", hit.name).strip("_").upper()
        variable = f"{variable}_SECRET" if any(v.name == variable for v in container.env) else variable
        number, free = 2, variable
        while free in taken:
            number, free = number + 1, f"{variable}_{number}"
        taken.add(free)
        yield Readable(hit.field, hit.index, hit.name, hit.text, hit.start, hit.end, free)


def secret_of(workload: Workload) -> str:
    """The name of the Secret that takes the workload's credentials."""
    return f"{workload.meta.name}-credentials"


def caution_of(workload: Workload) -> Text:
    """What to do first, the same for every credential of the workload: they all go into one Secret, by one command."""
    keys: dict[str, None] = {}
    for container in workload.pod.containers:
        keys |= dict.fromkeys(v.name for v in in_variables(container))
        keys |= dict.fromkeys(hit.variable for hit in in_arguments(container))
    literals = " ".join(f"--from-literal={key}=..." for key in keys)
    return _CAUTION.of(secret=secret_of(workload), namespace=workload.meta.namespace or "default", literals=literals)


def _hits(container: Container) -> Iterator[Readable]:
    said = [("command", i, text) for i, text in enumerate(container.command)]
    said += [("args", i, text) for i, text in enumerate(container.args)]
    words = [text for _, _, text in said]
    for place, (field, index, text) in enumerate(said):
        found = _after_flag(words, place, index) or _in_text(text)
        if found is not None:
            name, start, end = found
            yield Readable(field, index, name, text, start, end)


def _after_flag(words: Sequence[str], place: int, index: int) -> tuple[str, int, int] | None:
    """The name and place of a credential that is a word of its own after its option, or attached to a short one."""
    text = words[place]
    flag = words[place - 1] if index else ""
    before = _FLAG.fullmatch(flag)
    if before and not text.startswith("-") and is_credential(before["name"], text):
        return before["name"], 0, len(text)
    called = [posixpath.basename(word) for word in words[:place]]
    for programs, short, gap in _SHORT:
        program = next((word for word in called if programs.fullmatch(word)), None)
        if program is None:
            continue
        if gap and flag == short and _is_password(text):
            return f"{program}-password", 0, len(text)
        attached = text.startswith(short) and not re.search(r"\s", text) and gap in ("", r"[ \t]*")
        if attached and _is_password(text[len(short) :]):
            return f"{program}-password", len(short), len(text)
    return None


def _is_password(value: str) -> bool:
    """Whether what follows a short option is a password; a number as long as a port is one, where a host was named."""
    return is_credential("password", value) and not re.fullmatch(r"\d{1,5}", value)


def _in_text(text: str) -> tuple[str, int, int] | None:
    """The name and place of the first credential in a word or a line of a shell."""
    for match in _OPTION.finditer(text):
        if is_credential(match["name"], match["value"]):
            return match["name"], match.start("value"), match.end("value")
    for pattern in _IN_LINE:
        for match in pattern.finditer(text):
            group = match.lastgroup
            if group is not None and _is_password(match[group]):
                return f"{match['program']}-password", match.start(group), match.end(group)
    word = next((w for w in _WORD.finditer(text) if shape_of(w[0])), None)
    return ("credential", word.start(), word.end()) if word else None
