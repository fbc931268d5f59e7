"""The page of admission formats is what the exporters say; `python tests/docs/test_admission_formats.py` writes it anew."""

from collections import Counter
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

from fourc.checks.registry import all_checks
from fourc.enforce.ack_library import Policy, library
from fourc.enforce.export import Asked, Exported, Fit, LeftOut
from fourc.enforce.formats import FORMATS, exported
from fourc.model.version import NEWEST

PAGE = Path(__file__).parents[2] / "docs" / "admission-formats.md"
WORDS = {Fit.EXACT: "exact", Fit.NARROWER: "narrower", Fit.STRICTER: "stricter", Fit.NOT_EXPRESSIBLE: "-"}
HEAD = f"""# Checks as admission policies

`fourc admit export --format FORMAT` writes checks as policies that the cluster enforces. This page says how well, for each
check and format, judged for Kubernetes {NEWEST}; `python tests/docs/test_admission_formats.py` writes it from the exporters.

| format | what is written | needs | stages audit, warn, deny |
|---|---|---|---|
| `psa` | namespace labels of Pod Security admission, pinned | Kubernetes 1.23 | `audit`; also `warn`; also `enforce` |
| `vap` | ValidatingAdmissionPolicies with bindings | Kubernetes 1.30 | `Audit`; `Warn` and `Audit`; `Deny` |
| `map` | MutatingAdmissionPolicies that fill in safe defaults | Kubernetes 1.36 (beta 1.34) | none: it refuses nothing |
| `kyverno` | ValidatingPolicies (`policies.kyverno.io/v1`) | Kyverno 1.17 | `Audit`; `Warn` and `Audit`; `Deny` and `Audit` |
| `gatekeeper` | ConstraintTemplates in CEL with constraints | Gatekeeper 3.18 | `dryrun`; `warn`; `deny` |
| `ack` | instances of Alibaba Cloud ACK's own policy library | ACK's policy governance | `dryrun`; `warn`; `deny` |

*Exact*: refused is what the check finds, and nothing else. *Narrower*: something that the check finds passes. *Stricter*:
something passes the check and is refused; `ack` writes such a policy only where the check is named. `-`: the format does not
say it; why stands below. For `map` *exact* means that an object which says nothing gets what the fix sets.

- `psa` with `enforce`, and `ack`, look at pods and not at what makes them: a Deployment is accepted and its pods are refused.
- `vap`, `kyverno` and `gatekeeper` have the same expressions. Pods and what makes them are judged; an update that leaves alone
  what a check reads is not judged, so that what runs can be scaled and labelled.
- A workload that is exempt (`--exempt`) is left alone in `vap`, `kyverno` and `gatekeeper`; `psa` and `ack` know no single
  workload, and say so.
- Namespaces of Kubernetes itself (`kube-system` and the like) are left out unless they are named.
- `kyverno` and `gatekeeper` fill nothing in: the safe defaults come with `map`, or with `fourc fix` in the manifests.

"""
_MANY = 10
"""A reason that a format gives for so many checks is said once."""


def page() -> str:
    """The page as the exporters have it."""
    said = {name: exported(name, Asked()) for name, module in FORMATS.items() if find_spec(module) is not None}
    return HEAD + "\n".join((*_table(said), *_differences(said), *_library())) + "\n"


def _table(said: Mapping[str, Exported]) -> Iterator[str]:
    yield "## Every check in every format"
    yield ""
    yield f"| check | {' | '.join(said)} |"
    yield f"|---|{'---|' * len(said)}"
    for check in all_checks():
        yield f"| `{check.id}` | {' | '.join(_fit(each, check.id) for each in said.values())} |"
    yield ""


def _fit(said: Exported, check: str) -> str:
    fits = {out.fit for out in said.left_out if out.check == check} or {Fit.EXACT}
    return ", ".join(word for fit, word in WORDS.items() if fit in fits)


def _differences(said: Mapping[str, Exported]) -> Iterator[str]:
    yield "## What differs, and why"
    yield ""
    yield "Unless told otherwise below, a check is not expressible because"
    yield ""
    common = {name: _common(each) for name, each in said.items()}
    yield from (f"- in `{name}`: {reason}." for name, reasons in common.items() for reason in sorted(reasons))
    for check in all_checks():
        reasons: dict[tuple[Fit, str], list[str]] = {}
        for name, each in said.items():
            for out in _about(each, check.id):
                if out.why.en not in common[name]:
                    reasons.setdefault((out.fit, out.why.en), []).append(name)
        if reasons:
            yield from ("", f"**{check.id}**", "")
        for (fit, why), names in reasons.items():
            word = "not expressible" if fit is Fit.NOT_EXPRESSIBLE else WORDS[fit]
            yield f"- {', '.join(f'`{name}`' for name in names)}: {word}: {why}."
    yield ""


def _common(said: Exported) -> set[str]:
    counted = Counter(out.why.en for out in said.left_out if out.fit is Fit.NOT_EXPRESSIBLE)
    return {reason for reason, times in counted.items() if times >= _MANY}


def _about(said: Exported, check: str) -> Iterator[LeftOut]:
    return (out for out in said.left_out if out.check == check and out.fit is not Fit.EXACT)


def _library() -> Iterator[str]:
    ack = library()
    yield "## ACK's policy library"
    yield ""
    yield f"All {len(ack.policies)} policies of [Alibaba Cloud's page]({ack.source}), read on {ack.read}; it bears no date of"
    yield "its own. The page of 19 December 2024 lists four categories, without FinOps, and fewer policies in them. Alibaba does"
    yield "not publish the templates: what the page leaves open is *not confirmed* and counts as not covered. The facts stand in"
    yield "`src/fourc/data/ack.toml`. Instances that you have are read: none is written twice, and one that does less than what"
    yield "was asked for is named with what to change."
    yield ""
    yield "| category | policy | parameters | check | fit | confirmed |"
    yield "|---|---|---|---|---|---|"
    for policy in ack.policies:
        yield from _policy(policy)


def _policy(policy: Policy) -> Iterator[str]:
    head = f"| {policy.category} | `{policy.kind}` | {', '.join(policy.parameters) or 'none'} |"
    if policy.none is not None:
        yield f"{head} none: {policy.none.en} | | |"
    for said in policy.said:
        yield f"{head} `{said.check}` | {WORDS[said.fit]} | {'yes' if said.confirmed else 'not confirmed'} |"


def test_the_page_says_what_the_exporters_say() -> None:
    assert PAGE.read_text("utf-8") == page()


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
