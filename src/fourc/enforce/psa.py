"""Labels of Pod Security admission: what each level covers of our checks, and the labels that a namespace lacks.

https://kubernetes.io/docs/concepts/security/pod-security-admission/: `enforce` looks at pods alone, `warn` and `audit` at
what makes pods too. A level is whole: it cannot be asked for one control alone. Labels count from Kubernetes 1.23 on.
"""

import shlex
from collections.abc import Collection, Iterator, Mapping

from msgspec import Struct

from fourc.checks.registry import all_checks
from fourc.enforce.export import MARK, Asked, Exported, Fit, LeftOut, PolicyFile, Stage, not_spared
from fourc.enforce.vap import SYSTEM
from fourc.enforce.written import documents
from fourc.model.kubernetes.config import Namespace
from fourc.model.pod_security import PREFIX, Level
from fourc.model.text import Text, join, same
from fourc.model.version import KubeVersion
from fourc.patch.yaml.node import Json

FIRST_MINOR = 23
"""The first Kubernetes that looks at the labels by default."""
MODES = {Stage.AUDIT: ("audit",), Stage.WARN: ("warn", "audit"), Stage.DENY: ("enforce", "warn", "audit")}
"""The labels by stage: who warns writes to the audit log too, who refuses does both."""


class Covered(Struct, frozen=True):
    """The laxest level that covers a check, since which minor, and `why` it does not do exactly the same.

    Before the minor `baseline_before` it is baseline.
    """

    level: Level
    fit: Fit = Fit.EXACT
    why: Text | None = None
    since: int = 0
    baseline_before: int = 0

    def level_at(self, version: KubeVersion) -> Level:
        """The level in that Kubernetes."""
        return Level.BASELINE if version.minor < self.baseline_before else self.level


_ANY_HOST_PATH = Text(
    "the level refuses every hostPath volume, not only those of sensitive folders",
    "该级别拒绝所有 hostPath 卷，而不只是敏感目录",
)
_ONLY_PRIVILEGED = Text(
    "the level refuses every privileged container, and no other container may use Bidirectional",
    "该级别拒绝所有特权容器，而只有特权容器才能使用 Bidirectional",
)
_ANY_ADDED = Text(
    "the level refuses every capability beyond the usual ones, also without a way to the node",
    "该级别拒绝常用之外的所有能力，包括无法接管节点的",
)
COVERED: Mapping[str, Covered] = {
    "apparmor-disabled": Covered(Level.BASELINE),
    "dangerous-capability": Covered(Level.BASELINE),
    "host-namespace": Covered(Level.BASELINE),
    "host-path-volume": Covered(Level.BASELINE),
    "host-port": Covered(Level.BASELINE),
    "host-takeover-capability": Covered(Level.BASELINE, Fit.STRICTER, _ANY_ADDED),
    "mount-propagation-bidirectional": Covered(Level.BASELINE, Fit.STRICTER, _ONLY_PRIVILEGED),
    "privileged-container": Covered(Level.BASELINE),
    "probe-to-other-host": Covered(Level.BASELINE, since=34),
    "proc-mount-unmasked": Covered(Level.RESTRICTED, baseline_before=35),
    "seccomp-unconfined": Covered(Level.BASELINE),
    "selinux-custom-type": Covered(Level.BASELINE),
    "sensitive-host-path": Covered(Level.BASELINE, Fit.STRICTER, _ANY_HOST_PATH),
    "unsafe-sysctl": Covered(Level.BASELINE),
    "windows-host-process": Covered(Level.BASELINE),
    "capabilities-not-dropped": Covered(Level.RESTRICTED),
    "may-run-as-root": Covered(Level.RESTRICTED),
    "privilege-escalation-allowed": Covered(Level.RESTRICTED),
    "restricted-volume-type": Covered(Level.RESTRICTED),
    "runs-as-root-user": Covered(Level.RESTRICTED),
    "seccomp-not-set": Covered(Level.RESTRICTED),
}
_MENDED = {"namespace-without-pod-security": Stage.WARN, "pod-security-not-enforced": Stage.DENY}
"""The checks that the labels themselves mend, with the first stage that does."""
_LATER = Text("the label that this asks for comes with --stage {stage}", "它要求的标签在 --stage {stage} 时才会写入")

_NO_CONTROL = Text("neither baseline nor restricted looks at this", "baseline 和 restricted 两个级别都不检查这一项")
_NOT_YET = Text(
    "the standard of Kubernetes {version} does not have this control yet", "Kubernetes {version} 的标准还没有这项控制"
)
_WHOLE = Text(
    "the level {level} cannot be asked for in part: it also refuses what {others} find",
    "{level} 级别不能只启用一部分：{others} 发现的问题也会被拒绝",
)
_TOO_OLD = Text(
    "Kubernetes {version} does not look at Pod Security labels; they count from 1.23 on",
    "Kubernetes {version} 不支持 Pod 安全标签；从 1.23 起才有效",
)
_NO_NAMESPACE = Text(
    "no namespace is named in what was read: say which ones the labels are for",
    "读到的文件中没有命名空间：请指明标签用于哪些命名空间",
)
_UNWRITTEN = Text(
    "some workloads name no namespace ({first}, for example): name theirs too, if it is not among these",
    "有的工作负载没有写明命名空间（例如 {first}）：如果不在其中，请另外指明",
)
_ALREADY = Text("{namespace} asks for {level} or more already", "{namespace} 已要求 {level} 或更严格的级别")
_COMMAND = Text("By command: {command}", "也可以用命令：{command}")
_IN_FILE = Text("The namespace stands in {path}: put the labels there.", "该命名空间写在 {path} 中：请把标签写到那里。")


def exported(asked: Asked) -> Exported:
    """A file of labels for each namespace that lacks some, and every check that they do not say exactly."""
    wanted = asked.checks or frozenset(c.id for c in all_checks()) | {c.id for c in asked.own}
    if asked.version.minor < FIRST_MINOR:
        why = _TOO_OLD.of(version=str(asked.version))
        return Exported((), tuple(LeftOut(c, Fit.NOT_EXPRESSIBLE, why) for c in sorted(wanted)))
    left_out = tuple(out for c in sorted(wanted) if (out := _difference(c, asked)) is not None)
    covered = {c: row for c in wanted if (row := COVERED.get(c)) is not None and asked.version.minor >= row.since}
    level = max((row.level_at(asked.version) for row in covered.values()), default=Level.PRIVILEGED)
    if level is Level.PRIVILEGED:
        return Exported((), left_out)
    files, told = _labelled(asked, level)
    left_out = tuple(sorted((*left_out, *not_spared(asked, covered)), key=lambda out: out.check))
    return Exported(files, left_out, (*_besides(level, covered, asked.version), *told))


def _difference(check: str, asked: Asked) -> LeftOut | None:
    """What the labels do not say of a check; nothing about those that they mend."""
    row, version = COVERED.get(check), asked.version
    if row is None and check in _MENDED:
        needed = _MENDED[check]
        late = [*Stage].index(asked.stage) < [*Stage].index(needed)
        return LeftOut(check, Fit.NOT_EXPRESSIBLE, _LATER.of(stage=needed.value)) if late else None
    if row is None:
        return LeftOut(check, Fit.NOT_EXPRESSIBLE, _NO_CONTROL)
    if version.minor < row.since:
        return LeftOut(check, Fit.NOT_EXPRESSIBLE, _NOT_YET.of(version=str(version)))
    return None if row.why is None else LeftOut(check, row.fit, row.why)


def _besides(level: Level, covered: Collection[str], version: KubeVersion) -> Iterator[Text]:
    """What the level refuses beside what was asked for."""
    rows = ((c, row) for c, row in COVERED.items() if row.fit is Fit.EXACT and version.minor >= row.since)
    others = [c for c, row in rows if row.level_at(version) <= level and c not in covered]
    if others:
        yield _WHOLE.of(level=level.word, others=join([same(c) for c in sorted(others)]))


def _labelled(asked: Asked, level: Level) -> tuple[tuple[PolicyFile, ...], tuple[Text, ...]]:
    known = {n.meta.name: n for n in reversed(asked.inventory.namespaces)} if asked.inventory is not None else {}
    files: list[PolicyFile] = []
    told: list[Text] = []
    names = sorted(asked.namespaces or _read(asked))
    if not names:
        told.append(_NO_NAMESPACE)
    elif not asked.namespaces and asked.inventory is not None:
        unwritten = sorted(w.meta.name for w in asked.inventory.workloads if not w.meta.namespace_written)
        told += [_UNWRITTEN.of(first=unwritten[0])] if unwritten else []
    for name in names:
        labels = _labels(known.get(name), asked, level)
        if labels:
            files.append(_file(name, labels, known.get(name), asked))
        else:
            told.append(_ALREADY.of(namespace=name, level=level.word))
    return tuple(files), tuple(told)


def _read(asked: Asked) -> set[str]:
    """The namespaces that files name, but those of Kubernetes itself."""
    if asked.inventory is None:
        return set()
    objects = {n.meta.name for n in asked.inventory.namespaces}
    written = {w.meta.namespace for w in asked.inventory.workloads if w.meta.namespace_written and w.meta.namespace}
    return (objects | written).difference(SYSTEM)


def _labels(namespace: Namespace | None, asked: Asked, level: Level) -> dict[str, Json]:
    """The labels that are missing; one that asks for as much or more stays as it is."""
    there = namespace.meta.labels if namespace is not None else {}
    labels: dict[str, Json] = {}
    for mode in MODES[asked.stage]:
        if _level(there.get(PREFIX + mode, "")) < level:
            labels[PREFIX + mode] = level.word
            labels[f"{PREFIX}{mode}-version"] = f"v{asked.version}"
    return labels


def _level(value: str) -> Level:
    """The level of a label; what is no level counts as none."""
    return next((each for each in Level if each.word == value), Level.PRIVILEGED)


def _file(name: str, labels: Mapping[str, Json], namespace: Namespace | None, asked: Asked) -> PolicyFile:
    pairs = [f"{key}={value}" for key, value in labels.items()]
    command = f"kubectl label --overwrite namespace {shlex.join((name, *pairs))}"
    comments = [_COMMAND.of(command=command).say(asked.lang)]
    comments.append(MARK)
    if namespace is not None:
        comments.insert(0, _IN_FILE.of(path=namespace.meta.origin.path).say(asked.lang))
    patch: dict[str, Json] = {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": name, "labels": {**labels}},
    }
    return PolicyFile(f"pod-security-{name}.yaml", documents((patch,), comments))
