"""Data stores by the names of their images, and when each answers without a password, by its own documentation."""

import re
from collections.abc import Mapping

from msgspec import Struct


class Program(Struct, frozen=True):
    """One program: whether it is `open` as shipped, the majors of which that holds (none: all), and what changes it.

    `asks` and `lets_in` are looked for in command line, `NAME=value` lines and mounted configuration; with `only` nothing
    but `asks` closes it, not even a password that is set. `keys` when it is shipped with well-known keys; then `asks` sets
    others.
    """

    open: bool
    majors: frozenset[int] = frozenset()
    asks: str = ""
    lets_in: str = ""
    only: bool = False
    keys: bool = False

    def open_at(self, tag: str) -> bool:
        """Whether the version of the tag answers without a password as shipped; a tag without a number is the newest."""
        if not self.majors:
            return self.open
        number = re.match(r"v?(\d+)", tag)
        return self.open and number is not None and int(number[1]) in self.majors


_ETCD = Program(
    open=True, asks=r"client-cert-auth(?!=false|:\s*false)|ETCD_CLIENT_CERT_AUTH=true|ETCD_ROOT_PASSWORD", only=True
)
_ELASTIC_OFF = r"xpack\.security\.enabled[\"'\]=:\s]+false"
_MINIO = Program(
    open=True, asks=r"MINIO_(?:ROOT_USER|ROOT_PASSWORD|ACCESS_KEY|SECRET_KEY|CONFIG_ENV_FILE)", keys=True, only=True
)

PROGRAMS: Mapping[str, Program] = {
    # cassandra.apache.org/doc/stable/cassandra/operating/security.html: AllowAllAuthenticator unless changed
    "cassandra": Program(open=True, asks=r"PasswordAuthenticator", only=True),
    "scylla": Program(open=True, asks=r"PasswordAuthenticator", only=True),
    # docs.influxdata.com/influxdb/v1/administration/authentication_and_authorization: off unless auth-enabled
    "influxdb": Program(
        open=True, majors=frozenset({0, 1}), asks=r"INFLUXDB_HTTP_AUTH_ENABLED=true|auth-enabled\s*=\s*true", only=True
    ),
    # docs.couchdb.org/en/stable/whatsnew/3.0.html: an "admin party" before 3.0
    "couchdb": Program(open=True, majors=frozenset({1, 2}), asks=r"COUCHDB_PASSWORD=|^\s*\[admins\]"),
    # neo4j.com/docs/operations-manual/current/docker/introduction: NEO4J_AUTH
    "neo4j": Program(
        open=False, lets_in=r"NEO4J_AUTH=none|NEO4J_dbms_security_auth__enabled=false|security\.auth_enabled=false"
    ),
    # cockroachlabs.com/docs/stable/cockroach-start: --insecure
    "cockroach": Program(open=False, lets_in=r"--insecure(?!=false)"),
    # solr.apache.org/guide: no authentication without security.json
    "solr": Program(open=True, asks=r"blockUnknown|SOLR_AUTH|SOLR_ENABLE_AUTHENTICATION=(?:yes|true)"),
    # developer.hashicorp.com/consul/docs/reference/agent/configuration-file/acl: the default policy is allow
    "consul": Program(open=True, asks=r"default_policy[\"'\s]*[:=][\"'\s]*deny", only=True),
    # zookeeper.apache.org/doc/current/zookeeperAdmin.html: ACLs are open to the world
    "zookeeper": Program(open=True, asks=r"sessionRequireClientSASLAuth=true|enforce\.auth\.enabled=true|ZOO_ENABLE_AUTH=yes"),
    # etcd.io/docs/latest/op-guide/security: client certificates only with --client-cert-auth
    "etcd": _ETCD,
    # elastic.co: security is on by default since 8.0
    "elasticsearch": Program(open=True, majors=frozenset({1, 2, 5, 6, 7}), lets_in=_ELASTIC_OFF),
    # min.io/docs: minioadmin:minioadmin where no other keys are given
    "minio": _MINIO,
}  # fmt: skip
"""By the last part of the image's repository."""

_ASK_ANYWAY = frozenset({"cassandra", "zookeeper", "etcd", "influxdb", "couchdb", "minio"})


def program_of(image: str) -> tuple[Program, str] | None:
    """The program of an image by its name, with the tag; None for what no row knows."""
    name, _, tag = image.partition("@")[0].rpartition(":")
    if not name or "/" in tag:  # no tag, perhaps a registry with a port
        name, tag = image.partition("@")[0], ""
    *registry, last = name.split("/")
    found = PROGRAMS.get(last)
    if found is None:
        return None
    if last in _ASK_ANYWAY and any(part.startswith("bitnami") for part in registry):
        return Program(open=False, asks=found.asks), tag  # Bitnami's entry points want a password or an explicit yes
    return found, tag
