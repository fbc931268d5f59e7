"""Upgrades are what a team does in one go, with the edit or the command that does it."""

from fourc.model.package import Distribution, Listing, Package
from fourc.model.remedy import FixClass
from fourc.model.vulnerability import Match, Vulnerability
from fourc.patch.text import apply
from fourc.vulns.upgrade import Jump, Upgrade
from fourc.vulns.upgrades import upgrades
from fourc.vulns.versions import compare

Fixes = dict[str, str]


def planned(listings: list[Listing], fixes: Fixes, files: dict[str, str] | None = None) -> list[Upgrade]:
    """The upgrades where each named package is vulnerable before one version."""

    def affected(ecosystem: str, name: str, version: str) -> frozenset[str]:
        return frozenset({f"X-{name}"} if name in fixes and compare(ecosystem, version, fixes[name]) < 0 else ())

    matches = {
        package.identity: Match(package, Vulnerability(f"X-{package.name}"), (fixes[package.name],))
        for listing in listings
        for package in listing.packages
        if affected(package.ecosystem, package.name, package.version)
    }
    return upgrades(listings, matches.values(), affected, (files or {}).get)


def npm(
    *packages: tuple[str, str], needs: tuple[tuple[int, ...], ...] = (), direct: frozenset[int] = frozenset({0})
) -> Listing:
    return Listing(
        "web/package-lock.json", "npm-lock", tuple(Package("npm", *package) for package in packages), needs, direct
    )


LOCK = """{"packages": {
"": {"dependencies": {"express": "4.17.1"}},
"node_modules/express": {"dependencies": {"qs": "6.7.0", "send": "^0.17.1", "debug": "2.6.9"}},
"node_modules/debug": {"dependencies": {"ms": "^2.0.0"}}
}}"""
EXPRESS = npm(
    ("express", "4.17.1"),
    ("qs", "6.7.0"),
    ("send", "0.17.1"),
    ("debug", "2.6.9"),
    ("ms", "2.0.0"),
    needs=((1, 2, 3), (), (), (4,), ()),
)
WEB = {"web/package-lock.json": LOCK, "web/package.json": '{"dependencies": {"express": "4.17.1"}}'}


def test_what_a_direct_dependency_pulls_goes_with_it_and_shows_its_way() -> None:
    (found,) = planned([EXPRESS], {"express": "4.19.2", "ms": "2.1.0"}, WEB)
    assert (found.kind, found.name, found.old, found.new) == ("dependency", "express", "4.17.1", "4.19.2")
    assert [package.name for package in found.moves[1].via] == ["express", "debug", "ms"]
    assert {match.vulnerability.id for match in found.clears} == {"X-express", "X-ms"}
    assert found.command == "npm install --save-exact express@4.19.2 && npm update ms"
    assert (found.folder, found.edits, found.certain) == ("web", (), True)


def test_where_a_parent_allows_no_other_version_npm_is_told_to_override_it() -> None:
    (found,) = planned([EXPRESS], {"qs": "6.7.3"}, WEB)
    assert found.command == "npm pkg set 'overrides[qs@<6.7.3]=6.7.3' && npm install"
    assert found.fix_class is FixClass.SAFE


def test_where_a_parent_allows_it_npm_updates_it() -> None:
    (found,) = planned([EXPRESS], {"send": "0.17.2"}, WEB)
    assert found.command == "npm update send"
    assert found.fix_class is FixClass.TRY_FIRST, "the newest version that is allowed comes, not only a patch"


def test_members_of_a_workspace_are_named() -> None:
    lock = '{"packages": {"": {}, "apps/a": {"devDependencies": {"left": "^1.0.0"}}}}'
    listing = Listing("package-lock.json", "npm-lock", (Package("npm", "left", "1.0.0"),), ((),), frozenset({0}))
    (found,) = planned([listing], {"left": "1.3.0"}, {"package-lock.json": lock})
    assert found.command == "npm install -w apps/a left@1.3.0"


def test_without_a_fix_there_is_no_upgrade() -> None:
    match = Match(Package("npm", "a", "1.0.0"), Vulnerability("X"), ())
    assert upgrades([npm(("a", "1.0.0"))], [match], lambda *_: frozenset({"X"}), WEB.get) == []


def test_a_cycle_of_dependencies_ends() -> None:
    listing = npm(("a", "1.0.0"), ("b", "1.0.0"), ("c", "1.0.0"), needs=((1,), (2,), (0, 1)))
    (found,) = planned([listing], {"c": "1.0.1"})
    assert [package.name for package in found.moves[0].via] == ["a", "b", "c"]


def test_the_packages_of_an_operating_system_are_one_change() -> None:
    packages = tuple(Package("Debian:12", name, "1.0-1") for name in ("libssl3", "zlib1g", "bash"))
    listing = Listing("var/lib/dpkg/status", "dpkg", packages, distribution=Distribution("debian", "12"))
    (found,) = planned([listing], {"libssl3": "1.0-1+deb12u1", "zlib1g": "1.0-1+deb12u2"})
    assert found.kind == "distribution"
    assert found.command == "apt-get update && apt-get install -y --only-upgrade libssl3 zlib1g"
    assert found.jump is Jump.PATCH


def test_old_distributions_have_yum() -> None:
    listing = Listing("rpm", "rpm", (Package("CentOS", "bash", "1.0-1"),), distribution=Distribution("centos", "7"))
    (found,) = planned([listing], {"bash": "1.0-2"})
    assert found.command == "yum -y upgrade bash"


def test_go_itself_is_a_toolchain_and_modules_are_edited_before_tidying() -> None:
    text = "module x\n\ngo 1.21.3\n\nrequire a.b/c v1.2.3\n"
    packages = (Package("Go", "stdlib", "1.21.3"), Package("Go", "a.b/c", "v1.2.3"))
    listing = Listing("svc/go.mod", "go-mod", packages, direct=frozenset({0, 1}))
    toolchain, module = planned([listing], {"stdlib": "1.21.9", "a.b/c": "v1.3.0"}, {"svc/go.mod": text})
    assert (toolchain.kind, toolchain.command, toolchain.fix_class) == ("toolchain", "", FixClass.SAFE)
    assert apply(text, toolchain.edits[0].edits) == text.replace("1.21.3", "1.21.9")
    assert (module.kind, module.command, module.folder) == ("dependency", "go mod tidy", "svc")
    assert apply(text, module.edits[0].edits) == text.replace("v1.2.3", "v1.3.0")
    assert module.fix_class is FixClass.TRY_FIRST


def test_modules_that_go_mod_does_not_name_are_asked_for_and_replaced_ones_replaced_anew() -> None:
    text = "module x\n\ngo 1.16\n\nrequire d/e v0.1.0\n\nreplace d/e => f/g v0.3.0\n"
    listing = Listing("go.mod", "go-mod", (Package("Go", "h/i", "v1.0.0"), Package("Go", "f/g", "v0.3.0")))
    summed, replaced = planned([listing], {"h/i": "v1.0.1", "f/g": "v0.4.0"}, {"go.mod": text})
    assert (summed.edits, summed.command) == ((), "go get h/i@v1.0.1 && go mod tidy")
    assert (replaced.edits, replaced.command) == ((), "go mod edit -replace d/e=f/g@v0.4.0 && go mod tidy")


POM = (
    "<project><properties><jackson.version>2.9.1</jackson.version></properties><dependencies>"
    "<dependency><groupId>j</groupId><artifactId>core</artifactId><version>${jackson.version}</version></dependency>"
    "<dependency><groupId>j</groupId><artifactId>databind</artifactId><version>${jackson.version}</version></dependency>"
    "<dependency><groupId>k</groupId><artifactId>x</artifactId><version>1.0</version></dependency>"
    "</dependencies></project>"
)
POM_PACKAGES = (
    Package("Maven", "j:core", "2.9.1"),
    Package("Maven", "j:databind", "2.9.1"),
    Package("Maven", "k:x", "1.0"),
)


def test_packages_that_share_a_property_are_one_change_to_the_largest_version() -> None:
    listing = Listing("pom.xml", "maven-pom", POM_PACKAGES, direct=frozenset({0, 1, 2}))
    shared, other = planned([listing], {"j:core": "2.9.4", "j:databind": "2.10.0", "k:x": "1.1"}, {"pom.xml": POM})
    assert shared.kind == "shared"
    assert [(move.name, move.new) for move in shared.moves] == [("j:core", "2.10.0"), ("j:databind", "2.10.0")]
    assert apply(POM, shared.edits[0].edits) == POM.replace("2.9.1", "2.10.0")
    assert (other.name, other.new) == ("k:x", "1.1")


def test_modules_that_take_a_version_from_the_same_parent_are_one_change() -> None:
    child = (
        "<project><parent><groupId>p</groupId><artifactId>parent</artifactId><version>1</version></parent><dependencies>"
        "<dependency><groupId>j</groupId><artifactId>core</artifactId></dependency></dependencies></project>"
    )
    files = {"a/pom.xml": child, "b/pom.xml": child, "pom.xml": POM}
    listings = [Listing(f"{name}/pom.xml", "maven-pom", POM_PACKAGES[:1], direct=frozenset({0})) for name in "ab"]
    (found,) = planned(listings, {"j:core": "2.9.4"}, files)
    assert found.listings == ("a/pom.xml", "b/pom.xml")
    assert found.manifest == "pom.xml"
    assert [move.name for move in found.moves] == ["j:core"]


def test_a_version_that_a_module_manages_for_the_others_is_changed_there() -> None:
    parent = (
        "<project><groupId>p</groupId><artifactId>parent</artifactId><modules><module>other</module><module>bom</module></modules>"
        "<dependencyManagement><dependencies><dependency><groupId>p</groupId><artifactId>bom</artifactId>"
        "<scope>import</scope></dependency></dependencies></dependencyManagement></project>"
    )
    child = "<project><parent><artifactId>parent</artifactId></parent><artifactId>app</artifactId></project>"
    files = {
        "app/pom.xml": child,
        "pom.xml": parent,
        "bom/pom.xml": POM.replace("<project>", "<project><artifactId>bom</artifactId>"),
        "other/pom.xml": POM.replace("<project>", "<project><artifactId>other</artifactId>"),
    }
    listing = Listing("app/pom.xml", "maven-pom", POM_PACKAGES[:1], direct=frozenset({0}))
    (found,) = planned([listing], {"j:core": "2.9.4"}, files)
    assert [file.path for file in found.edits] == ["bom/pom.xml"]


def test_what_cannot_be_edited_says_why_and_what_to_run() -> None:
    text = "a==1.0 --hash=sha256:00\n"
    listing = Listing("requirements.txt", "requirements", (Package("PyPI", "a", "1.0"),))
    (found,) = planned([listing], {"a": "1.1"}, {"requirements.txt": text})
    assert found.edits == ()
    assert found.command == "pip-compile --generate-hashes --upgrade-package a==1.1"
    assert found.refused is not None


def test_what_is_built_in_is_to_be_built_again() -> None:
    listing = Listing("bin/x", "go-binary", (Package("Go", "a.b/c", "v1.0.0"),))
    (found,) = planned([listing], {"a.b/c": "v1.0.1"})
    assert (found.edits, found.command) == ((), "")
    assert found.hint is not None


def test_an_included_file_of_requirements_is_the_one_that_is_edited() -> None:
    listing = Listing("requirements.txt", "requirements", (Package("PyPI", "a", "1.0", path="base.in"),))
    (found,) = planned([listing], {"a": "1.1"}, {"requirements.txt": "-r base.in\n", "base.in": "a==1.0\n"})
    assert found.manifest == "base.in"


def test_gems_are_edited_in_the_lock_file_and_where_they_are_pinned() -> None:
    lock = "GEM\n  specs:\n    rack (2.0.1)\n\nDEPENDENCIES\n  rack (= 2.0.1)\n"
    files = {"Gemfile.lock": lock, "Gemfile": "gem 'rack', '2.0.1'\n"}
    listing = Listing("Gemfile.lock", "gemfile-lock", (Package("RubyGems", "rack", "2.0.1"),), ((),), frozenset({0}))
    (found,) = planned([listing], {"rack": "2.0.9"}, files)
    assert [file.path for file in found.edits] == ["Gemfile.lock", "Gemfile"]
    assert found.command == ""


def test_gems_that_the_file_forbids_are_left_to_bundler() -> None:
    lock = "GEM\n  specs:\n    rack (2.0.1)\n    sinatra (2)\n      rack (~> 2.0)\n\nDEPENDENCIES\n  sinatra\n"
    packages = (Package("RubyGems", "rack", "2.0.1"), Package("RubyGems", "sinatra", "2"))
    listing = Listing("Gemfile.lock", "gemfile-lock", packages, ((), (0,)), frozenset({1}))
    (found,) = planned([listing], {"rack": "3.0.0"}, {"Gemfile.lock": lock})
    assert (found.edits, found.command, found.certain) == ((), "bundle update rack --conservative", False)


def test_the_order_is_the_one_of_the_listings_whatever_the_order_of_the_matches() -> None:
    packages = (Package("PyPI", "b", "1.0"), Package("PyPI", "a", "1.0"))
    listing = Listing("requirements.txt", "requirements", packages)
    matches = [Match(package, Vulnerability(f"X-{package.name}"), ("1.1",)) for package in packages]
    files = {"requirements.txt": "b==1.0\na==1.0\n"}
    one = upgrades([listing], matches, lambda *_: frozenset(), files.get)
    other = upgrades([listing], matches[::-1], lambda *_: frozenset(), files.get)
    assert [upgrade.name for upgrade in one] == [upgrade.name for upgrade in other] == ["b", "a"]
