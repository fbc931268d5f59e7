"""Who asks: service accounts, users and groups, and the groups that the API server puts them in by itself."""

from msgspec import Struct

from fourc.model.kubernetes.rbac import RbacSubject

ANONYMOUS, UNAUTHENTICATED, AUTHENTICATED = "system:anonymous", "system:unauthenticated", "system:authenticated"
MASTERS, ACCOUNTS = "system:masters", "system:serviceaccounts"
_ACCOUNT_NAME = "system:serviceaccount:"


class Identity(Struct, frozen=True, order=True):
    """A ServiceAccount, User or Group; only a ServiceAccount has a namespace."""

    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        """As people write it."""
        return f"{self.kind} {self.namespace}/{self.name}" if self.namespace else f"{self.kind} {self.name}"

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups that the API server adds (apiserver/pkg/authentication: serviceaccount, group, anonymous)."""
        if self.kind == "ServiceAccount":
            return (ACCOUNTS, f"{ACCOUNTS}:{self.namespace}", AUTHENTICATED)
        if self.kind == "User":
            return (UNAUTHENTICATED,) if self.name == ANONYMOUS else (AUTHENTICATED,)
        return ()


def identity_of(subject: RbacSubject) -> Identity:
    """The identity that a subject names; a User with a service account's full name is that account."""
    if subject.kind == "User" and subject.name.startswith(_ACCOUNT_NAME):
        namespace, colon, name = subject.name.removeprefix(_ACCOUNT_NAME).partition(":")
        if colon and namespace and name:
            return Identity("ServiceAccount", namespace, name)
    return Identity(subject.kind, subject.namespace if subject.kind == "ServiceAccount" else "", subject.name)
