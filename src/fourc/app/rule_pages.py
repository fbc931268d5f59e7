"""What there is to say about every rule: the checks' pages, those about packages, and one for each kind of secret."""

from collections.abc import Mapping
from functools import cache

from msgspec import Struct

from fourc.checks.registry import all_checks
from fourc.model.finding import Finding, Layer, Severity
from fourc.model.text import Text
from fourc.secrets.providers import secret_page
from fourc.secrets.registry import all_rules


class RulePage(Struct, frozen=True):
    """A rule as people look it up."""

    id: str
    layer: Layer
    severity: Severity
    page: Text
    references: tuple[str, ...]

    @property
    def title(self) -> Text:
        """The page's first line."""
        return Text(self.page.en.partition("\n")[0], self.page.zh.partition("\n")[0])


@cache
def rule_pages() -> Mapping[str, RulePage]:
    """Every rule by its id, those about secrets last."""
    checks = [RulePage(c.id, c.layer, c.severity, c.page, c.references) for c in all_checks()]
    from fourc.app.opened_image import ROOT, ROOT_PAGE  # noqa: PLC0415 - what reads images is loaded for its page alone
    from fourc.app.vulnerable import PAGE, RULE  # noqa: PLC0415 - the same of what reads packages
    from fourc.vulns.node_rules import NODE_RULES  # noqa: PLC0415 - the same of what reads nodes

    packages = [
        RulePage(RULE, Layer.CODE, Severity.HIGH, PAGE, ()),
        RulePage(ROOT, Layer.CONTAINER, Severity.LOW, ROOT_PAGE, ()),
        *(RulePage(r.id, Layer.CLUSTER, r.severity, r.page, r.references) for r in NODE_RULES),
    ]
    secrets = [RulePage(r.id, Layer.CODE, r.severity, secret_page(r), r.references) for r in all_rules()]
    return {page.id: page for page in (*checks, *packages, *secrets)}


def page_of(finding: Finding) -> Text:
    """The page of a finding's rule; what is found where the rule is a team's own."""
    known = rule_pages().get(finding.rule)
    return known.page if known else finding.message
