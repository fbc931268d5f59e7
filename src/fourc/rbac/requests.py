"""What somebody asks the API server, and whether a rule of a role allows it, as the server itself decides.

Source: kubernetes/kubernetes v1.37.2, pkg/apis/rbac/v1/evaluation_helpers.go (rules) and apiserver's requestinfo.go (which
name and namespace a request carries).
"""

from msgspec import Struct

from fourc.model.kubernetes.rbac import PolicyRule

ANY_GROUP = "*"
RBAC_GROUP = "rbac.authorization.k8s.io"
OF_NO_NAMESPACE = frozenset(
    {
        "apiservices", "certificatesigningrequests", "clusterrolebindings", "clusterroles", "clustertrustbundles",
        "componentstatuses", "csidrivers", "csinodes", "customresourcedefinitions", "deviceclasses", "flowschemas",
        "groups", "ingressclasses", "mutatingadmissionpolicies", "mutatingadmissionpolicybindings",
        "mutatingwebhookconfigurations", "nodes", "persistentvolumes", "priorityclasses", "prioritylevelconfigurations",
        "resourceslices", "runtimeclasses", "selfsubjectaccessreviews", "selfsubjectreviews", "selfsubjectrulesreviews",
        "servicecidrs", "ipaddresses", "signers", "storageclasses", "subjectaccessreviews", "tokenreviews", "uids",
        "userextras", "users", "validatingadmissionpolicies", "validatingadmissionpolicybindings",
        "validatingwebhookconfigurations", "volumeattachments", "volumeattributesclasses",
    }
)  # fmt: skip
"""Resources that no RoleBinding can grant; `namespaces` is not among them: a request for one by name is inside it."""


class Request(Struct, frozen=True):
    """One request: a verb on a resource (`pods/exec` with its subresource) of an API group, or on a non-resource `url`.

    `namespace` None asks for the whole cluster, an empty `name` for every object. `ANY_GROUP` stands for a resource whose
    group is not known.
    """

    verb: str
    resource: str = ""
    group: str = ""
    name: str = ""
    namespace: str | None = None
    url: str = ""

    @property
    def kind(self) -> str:
        """The resource without its subresource."""
        return self.resource.partition("/")[0]

    @property
    def of_no_namespace(self) -> bool:
        """Whether the server asks for it outside every namespace."""
        return bool(self.url) or self.kind in OF_NO_NAMESPACE or (self.kind == "namespaces" and not self.name)


def allows(rule: PolicyRule, request: Request) -> bool:
    """Whether the rule allows the request, wherever it is bound.

    An object that is being created has no name yet, so a rule with `resourceNames` never allows it; list, watch and
    deletecollection carry a name only when they select by `metadata.name`. `pods/*` is no pattern: only `*/sub` is.
    """
    if "*" not in rule.verbs and request.verb not in rule.verbs:
        return False
    if request.url:
        return any(_covers(pattern, request.url) for pattern in rule.urls)
    if rule.urls or not _has_group(rule, request.group) or not _has_resource(rule, request.resource):
        return False
    if not rule.names:
        return True
    unnamed = request.verb == "create" and "/" not in request.resource
    return not unnamed and request.name in rule.names


def _has_group(rule: PolicyRule, group: str) -> bool:
    return "*" in rule.groups or group in rule.groups or (group == ANY_GROUP and bool(rule.groups))


def _has_resource(rule: PolicyRule, resource: str) -> bool:
    if "*" in rule.resources or resource in rule.resources:
        return True
    _, slash, sub = resource.partition("/")
    return bool(slash) and f"*/{sub}" in rule.resources


def _covers(pattern: str, url: str) -> bool:
    return pattern in {"*", url} or (pattern.endswith("*") and url.startswith(pattern.rstrip("*")))
