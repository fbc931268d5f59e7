"""Whether an API server judges pods as we predict; it is only asked, by dry runs, and nothing is changed there."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import count

from msgspec.structs import replace

from fourc.app.deployed import deployed
from fourc.app.look import Progress, read_manifests
from fourc.app.request import Request, within
from fourc.checks.pod_security import Verdict, droppable, level_met, verdicts
from fourc.collect.api_server import ApiServer, Cluster, Reply, UnansweredError, api_server
from fourc.collect.judged_part import judged_part
from fourc.collect.manifests.collect import collect_stdin
from fourc.collect.whole_pods import Pod, whole_pod
from fourc.model.gap import Gap, GapReason
from fourc.model.inventory import Inventory
from fourc.model.pod_security import PREFIX, Level, LevelVersion, PodSecurityPolicy, policy_of
from fourc.model.subject import Ref
from fourc.model.text import Text, same
from fourc.model.verified import Difference, Standing, Verified
from fourc.model.version import NEWEST_MINOR, KubeVersion
from fourc.patch.yaml.node import Json

_FIRST_WITH_POD_SECURITY = 23  # on by default: https://kubernetes.io/docs/concepts/security/pod-security-admission/
_REFUSED = re.compile(r'violates PodSecurity "(\w+):(latest|v1\.\d+)"')
_WARNED = 'would violate PodSecurity "'
_RUNNING = re.compile(r"(?P<pod>\S+)(?: \(and (?P<more>\d+) other pods?\))?: .+", re.DOTALL)
_CUT_SHORT = "new PodSecurity enforce level only checked against the first"
_UNLISTED = "failed to list pods"
_EXEMPT = " is exempt from Pod Security"
_LEVELS = {level.word: level for level in Level}
_SAID = 1000

_ASK_YOURSELF = Text("ask for the right to do it: {verb} {what}", "请申请这项权限：{verb} {what}")
_DENIED = Text("not allowed to {verb} {what}: {why}", "没有权限执行 {verb} {what}：{why}")
_GONE = Text(
    "namespace {n} is not in the cluster, so nothing could be asked there", "集群里没有命名空间 {n}，无法在其中核对"
)
_MAKE = Text("create it, or name another --context", "请先创建它，或用 --context 指定其他集群")
_NO_VERDICT = Text(
    "the API server refused {what} for another reason: {why}", "API 服务器因其他原因拒绝了 {what}：{why}"
)
_SEE_OBJECT = Text(
    "see whether the object is complete; a quota or webhook may have refused it",
    "请检查对象是否完整；也可能是配额或 webhook 拒绝了它",
)
_TOO_OLD = Text("Kubernetes {v} has no Pod Security admission", "Kubernetes {v} 没有 Pod 安全准入")
_UPGRADE = Text("upgrade to 1.25 or later", "请升级到 1.25 或更高版本")
_NOT_WHOLE = Text("the server looked at only some of the pods of {n}: {why}", "服务器只检查了 {n} 的部分 Pod：{why}")
_LATER = Text("ask again when there are fewer", "请在 Pod 较少时重试")
_RENDERED = Text(
    "{n} workloads come from helm or kustomize and stand in no file: pipe the rendered text in, as in "
    "kustomize build DIR | fourc admit verify - --kubeconfig FILE",
    "{n} 个工作负载由 helm 或 kustomize 渲染，没有对应的文件：请用管道传入渲染结果，例如 "
    "kustomize build 目录 | fourc admit verify - --kubeconfig 文件",
)
_NOBODY_ASKS = Text(
    "no namespace in the cluster asks for {level} yet, so what is not yet applied was judged only by the labels there are; an "
    "empty one is enough: kubectl create namespace fourc-verify && kubectl label namespace fourc-verify {label}={level}",
    "集群里还没有命名空间要求 {level}，因此尚未部署的内容只按现有标签核对；建一个空的即可："
    "kubectl create namespace fourc-verify && kubectl label namespace fourc-verify {label}={level}",
)
_NEWER = Text("the server is newer than the rules that fourc knows (1.{n})", "服务器比 fourc 已知的规则（1.{n}）更新")
_IS_EXEMPT = Text(
    "namespace {n} is exempt by the API server's own configuration", "命名空间 {n} 被 API 服务器的配置豁免"
)
_OWN_DEFAULT = Text(
    "namespace {n} has no label for it, but the API server's own configuration makes it enforce {level}",
    "命名空间 {n} 没有相应标签，但 API 服务器的配置让它强制执行 {level}",
)


def verify(request: Request, target: Level, cluster: Cluster | None, progress: Progress = lambda _: None) -> Verified:
    """The prediction for what is under the paths and, where a cluster is named, the server's own word on it."""
    progress(Text("reading", "正在读取"))
    _, collected, _, read = read_manifests(request)
    inventory = deployed(collected)
    inventory = replace(
        inventory, workloads=tuple(w for w in inventory.workloads if within(w.meta.ref, request.namespaces))
    )
    predicted = Verified(target, tuple(_standings(inventory, target, request.version)), gaps=collected.gaps)
    if cluster is None:
        return predicted
    asking = _Asking(inventory, target, progress)
    pods = [whole_pod(w, read) for w in inventory.workloads]
    if None in pods:
        asking.note(_RENDERED.of(n=pods.count(None)))
    try:
        progress(Text("asking the API server", "正在询问 API 服务器"))
        with api_server(cluster) as server:
            asking.ask(server, pods)
    except UnansweredError as error:
        asking.gaps.append(Gap(error.reason, error.message, error.remedy))
    told = asking.version
    standings = tuple(_standings(inventory, target, told)) if told else predicted.standings
    return replace(
        predicted,
        standings=standings,
        server=told,
        agreed=asking.agreed,
        running=asking.running,
        differences=tuple(asking.differences),
        notes=tuple(asking.notes),
        gaps=(*collected.gaps, *asking.gaps),
    )


def _standings(inventory: Inventory, target: Level, version: KubeVersion) -> Iterator[Standing]:
    judged: dict[str, list[Verdict]] = {}
    for verdict in verdicts(inventory, version):
        judged.setdefault(_home(verdict), []).append(verdict)
    for namespace, mine in sorted(judged.items()):
        below = tuple((v.workload.meta.ref, tuple(sorted(v.against(target)))) for v in mine if not v.meets(target))
        yield Standing(namespace, level_met(mine), below)


def _home(verdict: Verdict) -> str:
    return verdict.workload.meta.namespace or "default"


class _Asking:
    """One conversation with a server, and what came of it so far."""

    def __init__(self, inventory: Inventory, target: Level, progress: Progress) -> None:
        self._inventory = inventory
        self._target = target
        self._progress = progress
        self._judged: dict[KubeVersion, tuple[Verdict, ...]] = {}
        self._names = count()
        self.version: KubeVersion | None = None
        self.agreed = 0
        self.running = 0
        self.differences: list[Difference] = []
        self.notes: list[Text] = []
        self.gaps: list[Gap] = []

    def note(self, said: Text) -> None:
        """Say it once."""
        if said not in self.notes:
            self.notes.append(said)

    def ask(self, server: ApiServer, pods: Sequence[Pod | None]) -> None:
        """Everything: first what is in the files, then what runs in their namespaces."""
        version = self._version_of(server)
        if version is None:
            return
        self.version = version
        homes = [w.meta.namespace or "default" for w in self._inventory.workloads]
        labels = self._labels(server, sorted(set(homes)))
        policies = {name: policy_of(given, version) for name, given in labels.items()}
        probe = self._probe(policies)
        for home in sorted(set(homes)):
            mine = [(i, pod) for i, pod in enumerate(pods) if pod is not None and homes[i] == home]
            self._progress(Text("asking about {n}", "正在核对 {n}").of(n=home))
            if home in policies:
                self._ask_pods(server, home, policies[home], mine)
            if probe and probe != home and not (home in policies and _asks_for(policies[home], self._target)):
                self._ask_pods(server, probe, policies[probe], mine)
            elif not probe:
                self.note(_NOBODY_ASKS.of(level=self._target.word, label=f"{PREFIX}enforce"))
        for home in sorted(set(homes) & labels.keys()):
            self._progress(Text("asking what runs in {n}", "正在核对 {n} 中运行的 Pod").of(n=home))
            self._ask_running(server, home, labels[home], version)

    def _version_of(self, server: ApiServer) -> KubeVersion | None:
        reply = server.read("/version")
        if not self._is_answer(reply, "get", same("/version")) or not isinstance(reply.data, dict):
            return None
        minor = int(re.match(r"\d*", str(reply.data.get("minor")))[0] or 0)  # type: ignore[index] # matches the empty text
        if minor < _FIRST_WITH_POD_SECURITY:
            self.gaps.append(Gap(GapReason.UNSUPPORTED, _TOO_OLD.of(v=f"1.{minor}"), _UPGRADE))
            return None
        if minor > NEWEST_MINOR:
            self.note(_NEWER.of(n=NEWEST_MINOR))
        return KubeVersion(min(minor, NEWEST_MINOR))

    def _labels(self, server: ApiServer, homes: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
        """The labels of every namespace; of those that matter where the list is not to be had."""
        found: dict[str, Mapping[str, str]] = {}
        for page in server.read_list("/api/v1/namespaces"):
            if not page.accepted:
                break
            items = page.data.get("items") if isinstance(page.data, dict) else None
            found.update(_labelled(item) for item in _objects(items) if not _is_ending(item))
        else:
            for home in homes:
                if home not in found:
                    self._lacks(home)
            return found
        for home in homes:
            reply = server.read(f"/api/v1/namespaces/{home}")
            if reply.status == 404:
                self._lacks(home)
            elif self._is_answer(reply, "get", Text("namespace {n}", "命名空间 {n}").of(n=home)):
                found.update([_labelled(reply.data)])
        return found

    def _lacks(self, namespace: str) -> None:
        self.gaps.append(
            Gap(GapReason.MISSING, _GONE.of(n=namespace), _MAKE, subject=Ref("Namespace", None, namespace))
        )

    def _probe(self, policies: Mapping[str, PodSecurityPolicy]) -> str | None:
        """A namespace that already asks for the target: best by refusing, and by the newest rules."""
        asking = [
            ((policy.enforce.level is not self._target, asked.version != self.version), name)
            for name, policy in policies.items()
            for asked in (policy.enforce, policy.warn)
            if asked.level is self._target and policy.enforce.level <= self._target
        ]
        return min(asking)[1] if asking else None

    def _is_answer(self, reply: Reply, verb: str, what: Text) -> bool:
        """Whether the question was answered; a gap says why not."""
        if reply.accepted:
            return True
        reason = reply.refusal or GapReason.NO_DATA
        message = _DENIED if reason is GapReason.DENIED else _NO_VERDICT
        remedy = _ASK_YOURSELF.of(verb=verb, what=what) if reason is GapReason.DENIED else _SEE_OBJECT
        why = reply.message[:_SAID] or str(reply.status)
        self.gaps.append(Gap(reason, message.of(verb=verb, what=what, why=why), remedy))
        return False

    def _verdict(self, index: int, version: KubeVersion) -> Verdict:
        if version not in self._judged:
            self._judged[version] = verdicts(self._inventory, version)
        return self._judged[version][index]

    def _ask_pods(
        self, server: ApiServer, namespace: str, policy: PodSecurityPolicy, pods: Sequence[tuple[int, Pod]]
    ) -> None:
        """Ask of each pod whether it could be created there; what holds for all of them ends the questions."""
        for index, pod in pods:
            reply = self._would_create(server, namespace, pod)
            if reply.status == 404:
                self._lacks(namespace)
                return
            if reply.refusal is not None:
                self._is_answer(reply, "create", Text("pods in {n}", "{n} 中的 Pod").of(n=namespace))
                return
            self._compare(index, pod, namespace, policy, reply)

    def _would_create(self, server: ApiServer, namespace: str, pod: Pod) -> Reply:
        """The server's answer; where something else than Pod Security refuses the pod, that of what Pod Security judges."""
        path, name = f"/api/v1/namespaces/{namespace}/pods", f"fourc-verify-{next(self._names)}"
        reply = server.would_create(path, _named(_without_account(pod), name))
        if reply.accepted or reply.refusal is not None or _REFUSED.search(reply.message):
            return reply
        return server.would_create(path, _named(judged_part(pod), name))

    def _compare(self, index: int, pod: Pod, namespace: str, policy: PodSecurityPolicy, reply: Reply) -> None:
        workload = self._inventory.workloads[index].meta.ref
        refused = _REFUSED.search(reply.message)
        if not reply.accepted and refused is None:
            what = same(f"{workload.kind} {workload}")
            self.gaps.append(
                Gap(
                    GapReason.NO_DATA,
                    _NO_VERDICT.of(what=what, why=reply.message[:_SAID]),
                    _SEE_OBJECT,
                    subject=workload,
                )
            )
            return
        asked, said = policy.enforce, reply.message
        if refused is not None:
            asked = self._asked_by(refused, policy.enforce)
            if asked.level is not policy.enforce.level:
                self.note(_OWN_DEFAULT.of(n=namespace, level=asked.level.word))
        expected = self._verdict(index, asked.version).against(asked.level)
        if self._differs(expected, heard=refused is not None):
            self._differ(workload, namespace, asked, expected, said, pod)
            return
        if reply.accepted and policy.warn.level is not Level.PRIVILEGED and policy.warn != policy.enforce:
            warnings = [w for w in reply.warnings if w.startswith(_WARNED)]
            expected = self._verdict(index, policy.warn.version).against(policy.warn.level)
            if self._differs(expected, heard=bool(warnings)):
                self._differ(workload, namespace, policy.warn, expected, "\n".join(warnings), pod)
                return
        self.agreed += 1

    def _asked_by(self, refused: re.Match[str], labelled: LevelVersion) -> LevelVersion:
        """The level and version by which the server says that it refused."""
        newest = self.version or labelled.version
        version = newest if refused[2] == "latest" else min(KubeVersion.parse(refused[2]), newest)
        return LevelVersion(_LEVELS.get(refused[1], labelled.level), version)

    def _differs(self, expected: frozenset[str], *, heard: bool) -> bool:
        """Whether the verdicts differ; a field that an older server drops is no difference."""
        if heard == bool(expected):
            return False
        return heard or not (self.version and expected <= droppable(self.version))

    def _differ(
        self, subject: Ref, namespace: str, asked: LevelVersion, expected: frozenset[str], said: str, pod: Pod
    ) -> None:
        shown = json.dumps(judged_part(pod), indent=1, ensure_ascii=False)
        self.differences.append(Difference(subject, namespace, asked, tuple(sorted(expected)), said[:_SAID], shown))

    def _ask_running(self, server: ApiServer, namespace: str, labels: Mapping[str, str], version: KubeVersion) -> None:
        """Compare what the server says of the pods that run there, were the label set, with what we say of them."""
        pin = "latest" if policy_of(labels, version).enforce.level is self._target else f"v{version}"
        change: Json = {f"{PREFIX}enforce": self._target.word, f"{PREFIX}enforce-version": pin}
        what = Text("namespace {n}", "命名空间 {n}").of(n=namespace)
        pods: list[Json] = []
        judged: list[Verdict] = []
        for page in server.read_list(f"/api/v1/namespaces/{namespace}/pods"):
            if not self._is_answer(page, "list", Text("pods in {n}", "{n} 中的 Pod").of(n=namespace)):
                return
            items = page.data.get("items") if isinstance(page.data, dict) else None
            running: list[Json] = [{**item, "apiVersion": "v1", "kind": "Pod"} for item in _objects(items)]
            read = collect_stdin(json.dumps({"apiVersion": "v1", "kind": "List", "items": running}).encode())
            self.gaps += read.gaps
            judged += verdicts(read.inventory, version)
            pods += running
        reply = server.would_patch(f"/api/v1/namespaces/{namespace}", {"metadata": {"labels": change}})
        if reply.status == 404:
            self._lacks(namespace)
            return
        if not self._is_answer(reply, "patch", what):
            return
        self._compare_running(namespace, LevelVersion(self._target, version), reply.warnings, judged, pods)

    def _compare_running(
        self,
        namespace: str,
        asked: LevelVersion,
        warnings: Sequence[str],
        judged: Sequence[Verdict],
        pods: Sequence[Json],
    ) -> None:
        if any(_EXEMPT in w for w in warnings):
            self.note(_IS_EXEMPT.of(n=namespace))
            return
        partial = next((w for w in warnings if w.startswith((_CUT_SHORT, _UNLISTED))), None)
        if partial is not None:
            self.gaps.append(Gap(GapReason.TIMED_OUT, _NOT_WHOLE.of(n=namespace, why=partial), _LATER))
            return
        heard = [m for w in warnings if not w.startswith("existing pods in ") and (m := _RUNNING.fullmatch(w))]
        named, number = {m["pod"] for m in heard}, sum(1 + int(m["more"] or 0) for m in heard)
        expected = {v.workload.meta.name: v.against(asked.level) for v in judged if not v.meets(asked.level)}
        if named <= expected.keys() and number == len(expected):
            self.agreed += 1
            self.running += len(judged)
            return
        said = "\n".join(warnings)
        odd = (named - expected.keys()) or (expected.keys() - named)
        by_name = {name: item for item in _objects(list(pods)) if (name := _name_of(item)) in odd}
        for name, item in sorted(by_name.items()):
            controls = expected.get(name, frozenset())
            self._differ(Ref("Pod", namespace, name), namespace, asked, controls, said, item)


def _asks_for(policy: PodSecurityPolicy, level: Level) -> bool:
    return level in (policy.enforce.level, policy.warn.level)


def _labelled(namespace: Json) -> tuple[str, Mapping[str, str]]:
    metadata = namespace.get("metadata") if isinstance(namespace, dict) else None
    fields = metadata if isinstance(metadata, dict) else {}
    labels = fields.get("labels")
    kept = {k: v for k, v in labels.items() if isinstance(v, str)} if isinstance(labels, dict) else {}
    return str(fields.get("name")), kept


def _is_ending(namespace: Mapping[str, Json]) -> bool:
    """Whether it is being deleted, and takes nothing any more."""
    metadata = namespace.get("metadata")
    return isinstance(metadata, dict) and "deletionTimestamp" in metadata


def _objects(items: Json) -> list[dict[str, Json]]:
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _name_of(item: Mapping[str, Json]) -> str:
    metadata = item.get("metadata")
    return str(metadata.get("name")) if isinstance(metadata, dict) else ""


def _named(pod: Pod, name: str) -> Pod:
    metadata = pod["metadata"]
    return {**pod, "metadata": {**(metadata if isinstance(metadata, dict) else {}), "name": name}}


def _without_account(pod: Pod) -> Pod:
    """An account that is not there yet would be refused before Pod Security is asked, and does not matter to it."""
    spec = pod["spec"]
    fields = spec if isinstance(spec, dict) else {}
    return {**pod, "spec": {k: v for k, v in fields.items() if k not in {"serviceAccountName", "serviceAccount"}}}
