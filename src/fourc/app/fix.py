"""From numbers of the plan to files: choose, propose, prove, write."""

from collections.abc import Sequence

from msgspec import Struct

from fourc.app.numbers import number_in
from fourc.app.plan import Planned
from fourc.app.repository import commit_on_branch, uncommitted, write_files
from fourc.app.verify import Proof, prove
from fourc.collect.api_server import Cluster
from fourc.errors import UsageError
from fourc.fix.notes import cautions
from fourc.fix.rewrite import Proposal, propose
from fourc.model.change import Change, HandEdit
from fourc.model.finding import Finding
from fourc.model.remedy import FixClass, Remedy
from fourc.model.text import Lang, Text

_UNCOMMITTED = Text("uncommitted changes in {files}", "{files} 中有未提交的改动")


class Fixing(Struct, frozen=True):
    """What was chosen and what it makes of the files."""

    planned: Planned
    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]
    upto: FixClass
    proposal: Proposal

    @property
    def diff(self) -> str:
        """Every file's diff, or the kubectl patches for what was piped in."""
        return "".join(f.diff for f in self.proposal.files) + "".join(f"{p}\n" for p in self.proposal.patches)

    @property
    def by_hand(self) -> tuple[HandEdit, ...]:
        """What of it only a person can put in place."""
        return tuple(dict.fromkeys(h for c in self.changes for h in self.planned.drafts[c.id].by_hand))

    def cautions(self, change: Change) -> tuple[Text, ...]:
        """What to try first of a change's edits that are taken."""
        taken = (r for _, r in self.planned.drafts[change.id].remedies if r.fix_class <= self.upto)
        return tuple(dict.fromkeys(r.caution for r in taken if r.caution is not None))

    @property
    def left_out(self) -> int:
        """How many of the findings' edits are riskier than was asked for."""
        return sum(isinstance(f.fix, Remedy) and f.fix.fix_class > self.upto for f in self.findings)


def choose(planned: Planned, wanted: Sequence[str], upto: FixClass | None) -> Fixing:
    """The changes by their numbers in the plan or their ids, or `all`; `all` takes only `safe` edits unless told.

    Raises:
        UsageError: a number or id that the plan does not have.
    """
    changes = planned.plan.changes
    if list(wanted) == ["all"]:
        chosen = changes
        limit = FixClass.SAFE if upto is None else upto
    else:
        chosen = tuple(dict.fromkeys(changes[number_in(changes, word) - 1] for word in wanted))
        limit = FixClass.DECISION if upto is None else upto
    wanted_findings = frozenset(f for c in chosen for f in planned.drafts[c.id].fingerprints)
    ordered = tuple(f for f in planned.seen.findings if f.fingerprint in wanted_findings)
    taken = {f.fingerprint for f in ordered if isinstance(f.fix, Remedy) and f.fix.fix_class <= limit}
    if list(wanted) == ["all"]:
        chosen = tuple(c for c in chosen if taken.intersection(c.findings))
    return Fixing(planned, chosen, ordered, limit, propose(ordered, planned.seen.read, limit))


def apply(fixing: Fixing, *, force: bool) -> list[str]:
    """Write the files; returns their paths.

    Raises:
        UsageError: a file holds uncommitted changes and `force` is not given, or cannot be written.
    """
    root = fixing.planned.seen.root
    paths = [f.path for f in fixing.proposal.files]
    dirty = [] if force or not paths else uncommitted(root, paths)
    if dirty:
        raise UsageError(
            _UNCOMMITTED.of(files=", ".join(dirty)),
            hint=Text("commit or stash them first, or add --force", "请先提交或暂存（stash），或加上 --force"),
        )
    changed = [f.path for f in fixing.proposal.files if fixing.planned.seen.read(f.path) != f.before]
    if changed:
        raise UsageError(
            Text("changed since the plan was made: {files}", "生成计划之后又被修改：{files}").of(
                files=", ".join(changed)
            ),
            hint=Text("run the command again", "请重新运行该命令"),
        )
    named = fixing.planned.seen.request.paths
    write_files(root, {f.path: f.after for f in fixing.proposal.files}, named)
    return paths


def branch(fixing: Fixing, lang: Lang) -> tuple[str, str]:
    """Make a local branch with one commit; returns its name and the text for a merge request.

    Raises:
        UsageError: nothing to commit, or a file holds uncommitted changes.
    """
    files = {f.path: f.after for f in fixing.proposal.files}
    if not files:
        raise UsageError(
            Text("there is nothing to commit", "没有可提交的内容"),
            hint=Text("fourc fix N --diff shows what a change does", "fourc fix N --diff 会显示一项改动的内容"),
        )
    dirty = uncommitted(fixing.planned.seen.root, list(files))
    if dirty:
        raise UsageError(
            _UNCOMMITTED.of(files=", ".join(dirty)),
            hint=Text("commit or stash them first", "请先提交或暂存（stash）"),
        )
    name = f"fourc/{fixing.changes[0].id}" + (f"-and-{len(fixing.changes) - 1}-more" if len(fixing.changes) > 1 else "")
    message = merge_request(fixing, lang)
    commit_on_branch(fixing.planned.seen.root, name, files, message)
    return name, message


def merge_request(fixing: Fixing, lang: Lang) -> str:
    """Title, story, what may break and how one sees it, and the way back."""
    parts = [fixing.changes[0].title.say(lang), ""]
    lost = cautions(fixing.proposal.files)
    for change in fixing.changes:
        parts += [f"## {change.title.say(lang)}", change.story.say(lang), ""]
        whole = all(isinstance(f.fix, Remedy) and f.fix.fix_class <= fixing.upto for f in _of(fixing, change))
        if not whole:
            parts += [_ONLY_PART.of(c=fixing.upto.word).say(lang), ""]
        parts += [f"- {c.say(lang)}" for c in change.cautions]
        risk = Text("- May break ({p}%): {w}.", "- 可能影响（{p}%）：{w}。")
        parts += [risk.of(p=round(100 * change.breaks.probability), w=change.breaks.what).say(lang), ""]
    if lost:
        parts += [*(f"- {note.say(lang)}" for note in lost), ""]
    watch = Text(
        "To see that it broke: kubectl get pods shows CrashLoopBackOff or CreateContainerConfigError, and kubectl describe "
        "pod and kubectl logs say why; a network policy shows as time-outs, a missing permission as 403 in the logs.\n"
        "To go back: git revert this commit and apply the manifests again.",
        "如何发现问题：kubectl get pods 出现 CrashLoopBackOff 或 CreateContainerConfigError，kubectl describe pod 和 "
        "kubectl logs 会说明原因；网络策略的问题表现为超时，缺少权限表现为日志中的 403。\n"
        "如何回退：git revert 本提交，然后重新应用清单。",
    )
    return "\n".join([*parts, watch.say(lang), ""])


def _of(fixing: Fixing, change: Change) -> Sequence[Finding]:
    return fixing.planned.drafts[change.id].findings


_ONLY_PART = Text(
    "This commit holds only the edits of this change up to the class {c}; the rest of it is still to be done.",
    "本提交只包含该改动中不超过 {c} 级别的修改，其余部分尚待完成。",
)


def verify(fixing: Fixing, cluster: Cluster | None = None) -> Proof:
    """Prove the proposal (see `app.verify`)."""
    return prove(fixing.planned, fixing.findings, fixing.proposal, fixing.upto, cluster)
