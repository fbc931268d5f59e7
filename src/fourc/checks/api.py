"""How a check is written: a generator over one typed fact, with its page as docstring and its Chinese page beside it."""

from collections.abc import Callable, Iterator
from typing import Generic, TypeAlias, TypeVar

from msgspec import Struct

from fourc.model.finding import Confidence, Finding, Layer, Severity
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.meta import Meta
from fourc.model.kubernetes.pod import Container, PodSpec, Workload
from fourc.model.remedy import NoFix, Remedy
from fourc.model.text import Text
from fourc.model.version import NEWEST, KubeVersion
from fourc.patch.yaml.node import Path


class Judge(Struct, frozen=True):
    """What a check may ask beside its subject: everything that was read, and the Kubernetes version to judge for."""

    inventory: Inventory
    version: KubeVersion = NEWEST


class Found(Struct, frozen=True):
    """One statement of a check about the object `meta`.

    `at` is the path of the wrong field from the object's root (where it is absent, the nearest parent is shown);
    `detail` tells several findings in one container or object apart. Without `severity` the check's own counts.
    """

    meta: Meta
    message: Text
    at: Path
    fix: Remedy | NoFix
    container: str | None = None
    detail: str = ""
    severity: Severity | None = None
    confidence: Confidence = Confidence.HIGH
    references: tuple[str, ...] = ()


Subject = TypeVar("Subject")
Body: TypeAlias = Callable[[Subject, Judge], Iterator[Found]]
Subjects: TypeAlias = Callable[[Inventory], Iterator[Subject]]


class Check(Struct, Generic[Subject], frozen=True):
    """One idea that can be wrong with one subject."""

    id: str
    layer: Layer
    severity: Severity
    references: tuple[str, ...]
    page: Text
    subjects: Subjects[Subject]
    body: Body[Subject]

    @property
    def title(self) -> Text:
        """The page's first line."""
        return Text(self.page.en.partition("\n")[0], self.page.zh.partition("\n")[0])

    def run(self, judge: Judge) -> Iterator[Finding]:
        """The check's findings over everything that was read."""
        for subject in self.subjects(judge.inventory):
            yield from self.about(subject, judge)

    def about(self, subject: Subject, judge: Judge) -> Iterator[Finding]:
        """The check's findings about one subject."""
        for found in self.body(subject, judge):
            yield Finding(
                rule=self.id,
                layer=self.layer,
                severity=self.severity if found.severity is None else found.severity,
                confidence=found.confidence,
                message=found.message,
                subject=found.meta.ref,
                origin=found.meta.origin,
                at=found.at,
                container=found.container,
                detail=found.detail,
                references=self.references + found.references,
                fix=found.fix,
            )


def check(
    subjects: Subjects[Subject], *, layer: Layer, severity: Severity, references: str, zh: str
) -> Callable[[Body[Subject]], Check[Subject]]:
    """Make a check of a generator: its name is the id, its docstring the English page, `zh` the Chinese one.

    `references` are `catalogue:id` strings separated by blanks.
    """

    def made(body: Body[Subject]) -> Check[Subject]:
        name = getattr(body, "__name__", "")
        english = _dedent(body.__doc__ or "")
        page = Text(english, _dedent(zh).replace(SEE_EXAMPLE, _example(english)))
        return Check(name.replace("_", "-"), layer, severity, tuple(references.split()), page, subjects, body)

    return made


# The Chinese pages show the English page's example: YAML is written once.
SEE_EXAMPLE = "见英文页面的 YAML。"


def _example(english: str) -> str:
    """The page's example with Chinese headings."""
    example = english.partition("## Example\n")[2].strip()
    return f"\n{example}".replace("\nBad:\n", "\n错误：\n").replace("\nGood:\n", "\n正确：\n").strip()


def _dedent(page: str) -> str:
    first, _, rest = page.strip().partition("\n")
    lines = rest.split("\n")
    margin = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join([first, *(line[margin:].rstrip() for line in lines)]).strip()


class InPod(Struct, frozen=True):
    """One container together with the workload it belongs to."""

    workload: Workload
    container: Container

    @property
    def meta(self) -> Meta:
        """The top-level object."""
        return self.workload.meta

    @property
    def pod(self) -> PodSpec:
        """The pod template around the container."""
        return self.workload.pod

    def found(
        self,
        message: Text,
        *field: str | int,
        fix: Remedy | NoFix,
        detail: str = "",
        severity: Severity | None = None,
        confidence: Confidence = Confidence.HIGH,
    ) -> Found:
        """A finding at `field` below the container; `{container}` and `{workload}` in the message are filled."""
        return Found(
            self.meta,
            message.of(container=self.container.name, workload=self.meta.name) if message.fields() else message,
            self.container.path + field,
            fix,
            self.container.name,
            detail,
            severity,
            confidence,
        )


def each_workload(inventory: Inventory) -> Iterator[Workload]:
    """Every workload."""
    return iter(inventory.workloads)


def each_container(inventory: Inventory) -> Iterator[InPod]:
    """Every container of every workload: regular, init and ephemeral."""
    return (InPod(w, c) for w in inventory.workloads for c in w.pod.containers)


def once(inventory: Inventory) -> Iterator[Inventory]:
    """The inventory as a whole, for checks that join several objects."""
    return iter((inventory,))
