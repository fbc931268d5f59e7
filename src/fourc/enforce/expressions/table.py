"""Every check that CEL can say, in one table by version, and the reasons of the others."""

from functools import cache

from fourc.enforce.export import Fit, LeftOut
from fourc.enforce.expressions import cluster, containers, host_paths, network, resources, roles, standards
from fourc.enforce.expressions.left_out import LEFT_OUT
from fourc.enforce.expressions.rule import Rule
from fourc.model.text import Text
from fourc.model.version import KubeVersion

_NOT_YET = Text("the check holds from Kubernetes 1.34 on", "该检查从 Kubernetes 1.34 起才生效")


@cache
def all_rules(version: KubeVersion) -> tuple[Rule, ...]:
    """The rules for the version, by check."""
    rows = (
        *standards.rules(version),
        *containers.rules(version),
        host_paths.rule(),
        *resources.rules(),
        *network.rules(),
        *roles.rules(),
        *cluster.rules(),
    )
    return tuple(sorted(rows, key=lambda r: r.check))


def left_out(version: KubeVersion) -> tuple[LeftOut, ...]:
    """What CEL does not say exactly: the checks without a rule, and those whose rule is narrower or stricter."""
    found = [LeftOut(check, Fit.NOT_EXPRESSIBLE, why) for check, why in LEFT_OUT.items()]
    if version.minor < 34:
        found.append(LeftOut("probe-to-other-host", Fit.NOT_EXPRESSIBLE, _NOT_YET))
    found += {
        (r.check, r.fit): LeftOut(r.check, r.fit, r.how) for r in all_rules(version) if r.how is not None
    }.values()
    return tuple(sorted(found, key=lambda x: (x.check, x.fit)))
