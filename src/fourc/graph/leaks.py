"""Secrets that stand in the repository: whoever reads it holds them."""

from fourc.graph import odds
from fourc.graph.builder import ADMIN, CLOUD, Builder
from fourc.graph.solve import START
from fourc.model.finding import Confidence, Finding, Severity
from fourc.model.step import GoalKind
from fourc.model.text import Text

STEP = "use-leaked-secret"
_REPOSITORY = "own-secrets:repository"
_SAID = {
    "File": Text(
        "{path}: {what} is there for everyone who reads the repository", "{path}：能读仓库的人都能看到其中的 {what}"
    ),
    "Image": Text(
        "{path}: {what} is there for everyone who can pull the image", "{path}：能拉取镜像的人都能看到其中的 {what}"
    ),
}

# Keys with which a cloud account is administered, and those of a cluster, by how their rules are called.
_CLOUD = (
    "alibaba-secret-key aliyun-access-key-secret aws-access-token aws-secret-access-key aws-access-key-csv aws-credentials-file"
    " azure-credentials-file baidu-secret-access-key digitalocean-access-token digitalocean-pat gcp-credentials-file"
    " gcp-service-account hetzner-api-key huawei-secret-access-key ibm-cloud-user-api-key jdcloud-secret-access-key"
    " kingsoft-secret-access-key linode-api-key scaleway-secret-key tencent-secret-key tencent-secret-pair ucloud-private-key"
    " volcengine-secret-access-key volcengine-secret-pair vultr-api-key yandex-api-key"
)
CLOUD_KEYS = frozenset(_CLOUD.split())
CLUSTER_KEYS = frozenset({"kubeconfig-credential"})


def leak_steps(builder: Builder) -> None:
    """From anywhere to what a leaked secret opens; one step for each, gone when it is replaced."""
    for finding in builder.mending.findings:
        if finding.subject.kind in _SAID and finding.severity > Severity.LOW:
            row = f"{STEP}-unsure" if finding.confidence is Confidence.LOW else ""
            said = _SAID[finding.subject.kind].of(path=finding.subject.name, what=finding.message)
            builder.step(
                STEP, START, _opened(builder, finding), said, findings=(finding,), known_as=row,
                places=[(finding.origin, ())], tail=finding.fingerprint,
            )  # fmt: skip


def _opened(builder: Builder, finding: Finding) -> str:
    if finding.rule in CLUSTER_KEYS:
        return ADMIN
    if finding.rule in CLOUD_KEYS:
        return builder.goal(CLOUD, GoalKind.CLOUD_ADMIN, CLOUD)
    return builder.goal(_REPOSITORY, GoalKind.SECRETS, "repository", None, odds.IMPACT_OF_OWN_SECRETS)
