"""Every probability and impact of the attack graph in one place, each with its source or the word "guess".

Probabilities are for one year and one attacker who already holds the step's source (and what else it asks for).
"""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from fourc.model.step import Basis, GoalKind

GUESS: Final = "guess"
BY_DESIGN: Final = "Kubernetes allows it by design; what is left is that an attacker notices"
_INFERRED, _ASSUMED = Basis.INFERRED, Basis.ASSUMED


class Odds(Struct, frozen=True):
    """How likely a kind of step works; `source` says where the number comes from."""

    probability: float
    basis: Basis
    source: str = GUESS


ODDS: Mapping[str, Odds] = {
    # Entries
    "broken-in": Odds(0.04, _ASSUMED),
    "broken-in-by-supply-chain": Odds(0.01, _ASSUMED),  # listens on no port: only its image or libraries can turn on it
    "enter-through": Odds(0.20, _INFERRED),
    "enter-through-assumed": Odds(0.12, _ASSUMED),
    "exploit-known-vulnerability": Odds(0.50, _INFERRED),
    # a vulnerability of which nobody has computed an EPSS score is attacked somewhere within a year
    "attack-severity-critical": Odds(0.30, _ASSUMED),
    "attack-severity-high": Odds(0.10, _ASSUMED),
    "attack-severity-medium": Odds(0.03, _ASSUMED),
    "attack-severity-low": Odds(0.005, _ASSUMED),
    "attack-severity-info": Odds(0.001, _ASSUMED),
    "call-api-anonymously": Odds(0.30, _INFERRED),
    "flood-api-server": Odds(0.02, _ASSUMED),
    "authenticate-as-anyone": Odds(0.02, _ASSUMED),  # GKE counts every Google account as system:authenticated
    "leaked-credential": Odds(0.005, _ASSUMED),
    "use-leaked-secret": Odds(0.05, _INFERRED),  # somebody who should not reads the repository
    "use-leaked-secret-unsure": Odds(0.01, _ASSUMED),  # what looks like a secret by its name alone
    "take-over-registry": Odds(0.005, _ASSUMED),
    "push-over-tag": Odds(0.80, _ASSUMED),
    "publish-unsigned-image": Odds(0.001, _ASSUMED),
    "run-image": Odds(0.90, _ASSUMED),
    "run-replaced-image": Odds(0.90, _ASSUMED),
    # From a pod to its node
    "mount-host-disk": Odds(0.90, _INFERRED, BY_DESIGN),
    "load-kernel-module": Odds(0.90, _INFERRED, BY_DESIGN),
    "enter-host-namespaces": Odds(0.90, _INFERRED, BY_DESIGN),
    "trace-host-process": Odds(0.80, _INFERRED, BY_DESIGN),
    "write-core-pattern": Odds(0.80, _INFERRED, BY_DESIGN),
    "link-from-var-log": Odds(0.60, _INFERRED),
    "mount-with-sys-admin": Odds(0.60, _INFERRED),
    "open-host-files": Odds(0.45, _INFERRED),
    "write-host-memory": Odds(0.45, _INFERRED),
    "steer-kernel-with-bpf": Odds(0.45, _INFERRED),
    "see-host-processes": Odds(0.08, _INFERRED),
    "share-host-memory": Odds(0.02, _ASSUMED),
    "reach-host-network": Odds(0.08, _INFERRED),
    "intercept-node-traffic": Odds(0.30, _INFERRED),
    "use-runtime-socket": Odds(0.90, _INFERRED, BY_DESIGN),
    "before-start": Odds(0.02, _ASSUMED),  # an init container has ended before anyone can break in over the network
    # Volumes and what lies on the node
    # What a path of the node is good for, graded (`checks/host_paths`)
    "host-files-critical": Odds(0.90, _INFERRED),
    "host-files-high": Odds(0.45, _INFERRED),
    "host-files-medium": Odds(0.10, _ASSUMED),
    "host-files-low": Odds(0.02, _ASSUMED),
    "host-files-info": Odds(0.005, _ASSUMED),
    "discover-volume": Odds(1.0, _INFERRED, BY_DESIGN),
    "write-plain-host-path": Odds(0.005, _ASSUMED),
    "write-logs-without-reader": Odds(0.02, _ASSUMED),
    "read-cluster-keys": Odds(0.20, _ASSUMED),  # only where the pod runs on a node of the control plane
    "traverse-host": Odds(0.90, _INFERRED, BY_DESIGN),
    "access-volumes-of-node": Odds(0.95, _INFERRED, BY_DESIGN),
    "steal-token-on-node": Odds(0.50, _ASSUMED),  # whether such a pod runs on that node is not known
    "read-secrets-on-node": Odds(0.50, _ASSUMED),
    "read-data-on-node": Odds(0.50, _ASSUMED),
    "attach-to-pod-on-node": Odds(0.50, _ASSUMED),
    "share-process-namespace": Odds(0.70, _INFERRED),
    # Identities and permissions
    "assume-identity": Odds(0.95, _INFERRED, BY_DESIGN),
    "steal-mounted-token": Odds(0.95, _INFERRED, BY_DESIGN),
    "belong-to-group": Odds(1.0, _INFERRED, BY_DESIGN),
    "discover-permission": Odds(1.0, _INFERRED, BY_DESIGN),
    "rbac-everything": Odds(0.95, _INFERRED, BY_DESIGN),
    "rbac-escalate": Odds(0.95, _INFERRED, BY_DESIGN),
    "rbac-bind": Odds(0.95, _INFERRED, BY_DESIGN),
    "rbac-bind-role": Odds(0.80, _INFERRED),
    "use-bound-role": Odds(0.95, _INFERRED, BY_DESIGN),
    "rbac-impersonate-user": Odds(0.90, _INFERRED, BY_DESIGN),
    "rbac-impersonate-group": Odds(0.95, _INFERRED, BY_DESIGN),
    "rbac-impersonate-account": Odds(0.90, _INFERRED, BY_DESIGN),
    "rbac-impersonate-in-namespace": Odds(0.02, _ASSUMED),  # users and groups are checked outside every namespace
    "rbac-client-certificate": Odds(0.70, _INFERRED),
    "rbac-node-certificate": Odds(0.60, _INFERRED),
    "rbac-control-webhooks": Odds(0.70, _INFERRED),
    "rbac-watch-requests": Odds(0.60, _INFERRED),
    "rbac-request-token": Odds(0.95, _INFERRED, BY_DESIGN),
    "rbac-token-secret": Odds(0.90, _INFERRED, BY_DESIGN),
    "rbac-list-secrets": Odds(0.95, _INFERRED, BY_DESIGN),
    "rbac-get-secrets": Odds(0.40, _INFERRED),
    "rbac-get-named-secret": Odds(0.95, _INFERRED, BY_DESIGN),
    "rbac-create-pod": Odds(0.80, _INFERRED),
    "rbac-change-workload": Odds(0.80, _INFERRED),
    "choose-account": Odds(0.95, _INFERRED, BY_DESIGN),
    "mount-secrets": Odds(0.90, _INFERRED),
    "ask-for-node": Odds(0.90, _INFERRED, BY_DESIGN),
    # one in ten namespaces gets such a pod again, one in a hundred of these is broken into
    "unsafe-pod-comes-back": Odds(0.001, _ASSUMED),
    "rbac-relabel-namespace": Odds(0.80, _INFERRED),
    "rbac-host-volume": Odds(0.60, _INFERRED),
    "rbac-patch-pod": Odds(0.60, _INFERRED),
    "rbac-exec": Odds(0.95, _INFERRED, BY_DESIGN),
    "rbac-attach": Odds(0.70, _INFERRED),
    "rbac-ephemeral-container": Odds(0.90, _INFERRED, BY_DESIGN),
    "attach-to-container": Odds(1.0, _INFERRED, BY_DESIGN),
    "rbac-exec-through-kubelet": Odds(0.80, _INFERRED),
    "rbac-command-kubelet": Odds(0.80, _INFERRED),
    "rbac-forward-ports": Odds(0.90, _INFERRED),
    "rbac-steal-pods": Odds(0.30, _INFERRED),
    "rbac-steer-pods": Odds(0.05, _ASSUMED),  # somebody else has to start such a pod, and its own selectors have to fit
    "rbac-redirect-services": Odds(0.60, _INFERRED),
    "rbac-redirect-by-pod-status": Odds(0.30, _INFERRED),
    "rbac-redirect-names": Odds(0.50, _INFERRED),
    "read-redirected-traffic": Odds(0.40, _ASSUMED),
    "rbac-update-aws-auth": Odds(0.90, _INFERRED, BY_DESIGN),
    "rbac-update-aws-auth-assumed": Odds(0.05, _ASSUMED),  # nothing that was read says that the cluster is EKS
    "rbac-delete-workloads": Odds(0.05, _ASSUMED),
    "rule-namespace": Odds(0.95, _INFERRED, BY_DESIGN),
    "one-of-all": Odds(1.0, _INFERRED, BY_DESIGN),
    "control-plane-account": Odds(0.90, _INFERRED, BY_DESIGN),
    # Network
    "reach-network": Odds(1.0, _INFERRED, BY_DESIGN),
    "reach-unenforced": Odds(0.05, _ASSUMED),  # a policy denies it, and whether policies are enforced is not known
    "enter-over-network": Odds(0.05, _ASSUMED),
    "enter-store-over-network": Odds(0.15, _ASSUMED),
    "read-open-store": Odds(0.70, _INFERRED),
    "command-open-service": Odds(0.70, _INFERRED),
    "guess-password-of-store": Odds(0.10, _ASSUMED),
    # Data, secrets and the cloud
    "read-data": Odds(0.80, _ASSUMED),
    "read-own-store": Odds(0.90, _INFERRED),
    "read-secret-of-pod": Odds(0.95, _INFERRED, BY_DESIGN),
    "read-password-in-environment": Odds(0.95, _INFERRED, BY_DESIGN),
    "know-secret": Odds(1.0, _INFERRED, BY_DESIGN),
    "token-in-secret": Odds(0.95, _INFERRED, BY_DESIGN),
    "use-as-client": Odds(0.50, _ASSUMED),
    "log-in-with-secret": Odds(0.70, _ASSUMED),
    "find-secret": Odds(1.0, _INFERRED, BY_DESIGN),
    "ask-metadata-service": Odds(0.30, _ASSUMED),
    "take-cloud-role": Odds(0.90, _INFERRED),
    "use-cloud-role": Odds(0.10, _ASSUMED),
    # Outages and far ends
    "exhaust-node": Odds(0.70, _INFERRED),
    "own-everything": Odds(0.95, _INFERRED, BY_DESIGN),
    "token-among-secrets": Odds(0.30, _ASSUMED),
}
"""By kind of step; what findings open by themselves stands in `rules`."""

NOT_ROOT = 0.2  # what is left of a step that wants root where the container certainly does not run as root (guess)

ATTACKED_HERE = 0.05  # of vulnerabilities that are attacked somewhere, those that are tried here with success (guess)
NOT_OVER_THE_NETWORK = 0.05  # what is left of one that wants a local user or a person's click (guess)
ONLY_IN_DEVELOPMENT = 0.02  # what is left of one in a package that only builds or tests (guess)
RUNS_SOMEWHERE = 0.5  # of code in a repository of which no workload was recognised (guess)

IMPACT = {
    GoalKind.CLUSTER_ADMIN: 100.0,
    GoalKind.NODE_ROOT: 60.0,
    GoalKind.CLOUD_ADMIN: 100.0,
    GoalKind.SECRETS: 25.0,
    GoalKind.DATA: 30.0,
    GoalKind.OUTAGE: 15.0,
}
"""How bad each kind of goal is, relative to the others (guess)."""
IMPACT_OF_AN_APPLICATION = 4.0  # what an application without a data store knows: its users' sessions and requests
IMPACT_OF_OWN_SECRETS = 4.0  # single Secrets that workloads hold for themselves
COUNTED_IMPACT = 10.0  # goals below it weigh in the risk, but nobody counts the ways to them
