"""Apache Ivy: exact revisions in `ivy.xml`; others are left open."""

from fourc.collect.packages.errors import malformed
from fourc.collect.packages.form import Given
from fourc.collect.packages.found import Found
from fourc.collect.packages.maven import settled
from fourc.collect.packages.xml import read_xml
from fourc.model.package import Listing, Project
from fourc.text import Text

_NO_MODULE = Text("it has no <ivy-module> as its root", "根元素不是 <ivy-module>")


def read_ivy(given: Given) -> Listing:
    """`ivy.xml` (https://ant.apache.org/ivy/history/latest-milestone/ivyfile/dependency.html); `conf="test->..."` is `dev`."""
    root = read_xml(given)
    if root.name != "ivy-module":
        raise malformed(given.path, _NO_MODULE)
    found = Found(given.path, "Maven")
    for dependencies in root.all("dependencies"):
        for item in dependencies.all("dependency"):
            org, name, revision, conf = (item.attributes.get(key, "").strip() for key in ("org", "name", "rev", "conf"))
            mapped = [part.partition("->")[0].strip() for part in conf.split(";", 100)]
            dev = bool(conf) and all(part.startswith("test") for part in mapped)
            if org and name:
                found.ask(f"{org}:{name}", settled(revision), item.line, dev=dev)
    info = root.child("info")
    organisation, module = (
        (info.attributes.get(key, "") for key in ("organisation", "module")) if info is not None else ("", "")
    )
    project = Project("Maven", f"{organisation}:{module}") if organisation and module else None
    return found.listing(found.direct, project=project)
