"""Package URLs: the specification's own cases, the spelling of syft and trivy, and what is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packageurl import PackageURL

from fourc.model.package import Distribution, Package, SourcePackage
from fourc.model.purl import Purl, PurlError, distribution_at, package_of, parse_purl, purl_of

DEBIAN = Distribution("debian", "12.4")

CANONICAL = [
    ("pkg:maven/org.apache.commons/io@1.3.4", None),
    ("pkg:GOLANG/google.golang.org/genproto#/googleapis/api/", "pkg:golang/google.golang.org/genproto#googleapis/api"),
    ("pkg:golang/google.golang.org/genproto@abc#a/./../b", "pkg:golang/google.golang.org/genproto@abc#a/b"),
    ("pkg:bitbucket/birKenfeld/pyGments-main@244f", "pkg:bitbucket/birkenfeld/pygments-main@244f"),
    ("pkg:github/Package-url/purl-Spec@244f", "pkg:github/package-url/purl-spec@244f"),
    ("pkg:deb/debian/curl@7.50.3-1?distro=jessie&arch=i386", "pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=jessie"),
    ("pkg:docker/a/b@sha256:244f?repository_url=gcr.io", None),
    ("pkg:gem/jruby-launcher@1.1.2?Platform=java", "pkg:gem/jruby-launcher@1.1.2?platform=java"),
    (
        "pkg:Maven/org.x/b@1.9.1?repositorY_url=repo.spring.io/release&classifier=sources",
        "pkg:maven/org.x/b@1.9.1?classifier=sources&repository_url=repo.spring.io/release",
    ),
    ("pkg:npm/%40angular/animation@12.3.1", None),
    ("pkg:npm/@angular/animation@12.3.1", "pkg:npm/%40angular/animation@12.3.1"),
    ("pkg:npm/@babel/core#/a/b/", "pkg:npm/%40babel/core#a/b"),
    ("pkg:Nuget/EnterpriseLibrary.Common@6.0.1304", "pkg:nuget/EnterpriseLibrary.Common@6.0.1304"),
    ("pkg:PYPI/Django_package@1.11.1.dev1", "pkg:pypi/django-package@1.11.1.dev1"),
    ("pkg:Rpm/Fedora/curl@7.50.3-1.fc25?Arch=i386", "pkg:rpm/fedora/curl@7.50.3-1.fc25?arch=i386"),
    ("pkg:///maven/org.apache.commons/io", "pkg:maven/org.apache.commons/io"),
    ("pkg:maven/mygroup/myartifact@1.0.0%20Final?mykey=my%20value", None),
    (
        "pkg:generic/openssl@1.1.10g?download_url=https://openssl.org/a.tar.gz&checksum=sha256:de4d",
        "pkg:generic/openssl@1.1.10g?checksum=sha256:de4d&download_url=https://openssl.org/a.tar.gz",
    ),
    ("pkg:generic/b?vcs_url=git%2Bhttps://git.fsfe.org/b%40cc55", None),
    ("pkg:oci/Debian@SHA256:244FD?tag=latest", "pkg:oci/debian@sha256:244fd?tag=latest"),
    ("pkg:cpan/dromedary/Mo@1", "pkg:cpan/DROMEDARY/Mo@1"),
    ("pkg:npm/a@1?empty=&b=c", "pkg:npm/a@1?b=c"),
]

BROKEN = [
    "",
    "EnterpriseLibrary.Common@6.0.1304",
    "pkg:EnterpriseLibrary.Common@6.0.1304",
    "pkg:maven/@1.3.4",
    "pkg:npm/",
    "pkg:n&g?inx/nginx@0.8.9",
    "pkg:3nginx/nginx@0.8.9",
    "pkg:nginx:a/nginx@0.8.9",
    "pkg%3Amaven/org.apache.commons/io",
    "pkg:npm/myartifact@1.0.0?in%20production=true",
]


@pytest.mark.parametrize(("text", "canonical"), CANONICAL)
def test_what_is_read_is_written_as_the_specification_says(text: str, canonical: str | None) -> None:
    assert str(parse_purl(text)) == (canonical or text)
    assert parse_purl(str(parse_purl(text))) == parse_purl(text)


@pytest.mark.parametrize("text", BROKEN)
def test_what_is_no_package_url_is_refused_with_its_text(text: str) -> None:
    with pytest.raises(PurlError) as raised:
        parse_purl(text)
    assert repr(text) in raised.value.message.en


READ = [
    ("pkg:npm/%40babel/core@7.1.0", "npm", "@babel/core", "7.1.0"),
    ("pkg:npm/JSONStream@1.3.5", "npm", "JSONStream", "1.3.5"),
    ("pkg:pypi/Zope.Interface@5.0", "PyPI", "zope-interface", "5.0"),
    (
        "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1?type=jar",
        "Maven",
        "org.apache.logging.log4j:log4j-core",
        "2.14.1",
    ),
    ("pkg:golang/github.com/BurntSushi/toml@v1.2.0", "Go", "github.com/BurntSushi/toml", "v1.2.0"),
    ("pkg:golang/github.com/a/b@v2.0.0#v2", "Go", "github.com/a/b/v2", "v2.0.0"),
    ("pkg:golang/github.com/a/b@1.2.3", "Go", "github.com/a/b", "v1.2.3"),
    ("pkg:golang/stdlib@1.21.3", "Go", "stdlib", "1.21.3"),
    ("pkg:golang/stdlib@v1.21.3", "Go", "stdlib", "1.21.3"),
    ("pkg:cargo/rand@0.7.2", "crates.io", "rand", "0.7.2"),
    ("pkg:gem/rails@7.0.0?platform=java", "RubyGems", "rails", "7.0.0"),
    ("pkg:composer/Symfony/Http-Kernel@v4.4.0", "Packagist", "symfony/http-kernel", "v4.4.0"),
    ("pkg:swift/github.com/apple/swift-nio@2.0.0", "SwiftURL", "github.com/apple/swift-nio", "2.0.0"),
    ("pkg:cocoapods/GoogleUtilities@7.5.2#NSData+zlib", "CocoaPods", "GoogleUtilities/NSData+zlib", "7.5.2"),
    ("pkg:k8s/k8s.io%2Fapiserver@1.29.0", "Kubernetes", "k8s.io/apiserver", "1.29.0"),
    ("pkg:bitnami/minio@2021.1.1?arch=arm64", "Bitnami", "minio", "2021.1.1"),
    ("pkg:conan/cisco/openssl@3.0?channel=stable", "ConanCenter", "openssl", "3.0"),
    ("pkg:github/actions/checkout@v4", "GitHub Actions", "actions/checkout", "v4"),
    ("pkg:generic/openssl@1.1.10g", "generic", "openssl", "1.1.10g"),
    ("pkg:deb/debian/curl@7.50.3-1?distro=debian-12", "Debian:12", "curl", "7.50.3-1"),
    ("pkg:deb/debian/curl@7.50.3-1?distro=bookworm", "Debian:12", "curl", "7.50.3-1"),
    ("pkg:deb/debian/curl@7.50.3-1", "Debian", "curl", "7.50.3-1"),
    ("pkg:deb/ubuntu/curl@7.81.0-1?distro=ubuntu-22.04", "Ubuntu:22.04:LTS", "curl", "7.81.0-1"),
    ("pkg:deb/ubuntu/curl@7.81.0-1?distro=ubuntu-23.10", "Ubuntu:23.10", "curl", "7.81.0-1"),
    ("pkg:apk/alpine/curl@7.83.0-r0?distro=alpine-3.10.2", "Alpine:v3.10", "curl", "7.83.0-r0"),
    ("pkg:apk/alpine/curl@7.83.0-r0?distro=3.10.2", "Alpine:v3.10", "curl", "7.83.0-r0"),
    ("pkg:apk/wolfi/curl@8.0-r0?distro=wolfi-20230201", "Wolfi", "curl", "8.0-r0"),
    ("pkg:apk/chainguard/curl@8.0-r0", "Chainguard", "curl", "8.0-r0"),
    ("pkg:rpm/almalinux/curl@7.61-1.el8?distro=almalinux-8", "AlmaLinux:8", "curl", "7.61-1.el8"),
    ("pkg:rpm/alma/curl@7.61-1.el8?distro=alma-8.10", "AlmaLinux:8", "curl", "7.61-1.el8"),
    ("pkg:rpm/rocky/curl@7.61-1.el9?distro=rocky-9.3", "Rocky Linux:9", "curl", "7.61-1.el9"),
    ("pkg:rpm/redhat/curl@7.61-1.el8?distro=rhel-8.7", "Red Hat:enterprise_linux:8", "curl", "7.61-1.el8"),
    ("pkg:rpm/opensuse/curl@8.0-1?distro=opensuse-leap-15.5", "openSUSE:Leap 15.5", "curl", "8.0-1"),
    ("pkg:rpm/opensuse/curl@8.0-1?distro=opensuse-tumbleweed-20240101", "openSUSE:Tumbleweed", "curl", "8.0-1"),
    ("pkg:rpm/suse/curl@8.0-1?distro=sles-15.5", "SUSE:Linux Enterprise Server 15 SP5", "curl", "8.0-1"),
    ("pkg:rpm/azurelinux/curl@8.0-1.azl3?distro=azurelinux-3.0", "Azure Linux:3", "curl", "8.0-1.azl3"),
    ("pkg:deb/gardenlinux/curl@1?distro=gardenlinux-1443", "gardenlinux:gardenlinux-1443", "curl", "1"),
]


@pytest.mark.parametrize(("text", "ecosystem", "name", "version"), READ)
def test_a_package_has_the_names_that_osv_gives_it(text: str, ecosystem: str, name: str, version: str) -> None:
    package = package_of(text)
    assert package is not None
    assert package.identity == (ecosystem, name, version)


@pytest.mark.parametrize("text", ["pkg:oci/debian@sha256:1", "pkg:docker/library/nginx@1", "nginx", "pkg:maven/@1"])
def test_an_image_and_what_is_no_package_url_are_no_package(text: str) -> None:
    assert package_of(text) is None


@pytest.mark.parametrize(
    ("text", "version", "source"),
    [
        (
            "pkg:rpm/almalinux/openssl-libs@1.1.1k-7.el8?arch=x86_64&epoch=1&upstream=openssl-1.1.1k-7.el8_6.src.rpm",
            "1:1.1.1k-7.el8",
            SourcePackage("openssl", "1:1.1.1k-7.el8_6"),
        ),
        ("pkg:rpm/almalinux/a@1:2-3?epoch=1", "1:2-3", None),
        ("pkg:rpm/almalinux/a@2-3?epoch=0", "2-3", None),
        ("pkg:deb/debian/libc6@2.36?upstream=glibc%402.35", "2.36", SourcePackage("glibc", "2.35")),
        ("pkg:deb/debian/passwd@1%3A4.13?upstream=shadow", "1:4.13", SourcePackage("shadow", "1:4.13")),
        ("pkg:deb/debian/a@4.13?epoch=2", "2:4.13", None),
    ],
)
def test_the_epoch_is_part_of_the_version_and_upstream_is_the_source(
    text: str, version: str, source: SourcePackage | None
) -> None:
    package = package_of(text)
    assert package is not None
    assert (package.version, package.source) == (version, source)


@pytest.mark.parametrize(
    ("package", "distribution", "purl"),
    [
        (Package("npm", "@a/b", "1.0"), None, "pkg:npm/%40a/b@1.0"),
        (Package("npm", "a", "1.0+b"), None, "pkg:npm/a@1.0%2Bb"),
        (Package("Go", "github.com/a/b/v2", "v2.0.0"), None, "pkg:golang/github.com/a/b/v2@v2.0.0"),
        (Package("Go", "stdlib", "1.21.3"), None, "pkg:golang/stdlib@1.21.3"),
        (Package("Maven", "org.a:b", "1"), None, "pkg:maven/org.a/b@1"),
        (
            Package("Debian:12", "a", "1:2-3", architecture="amd64"),
            DEBIAN,
            "pkg:deb/debian/a@1:2-3?arch=amd64&distro=debian-12.4",
        ),
        (Package("Debian:12", "a", "2-3"), None, "pkg:deb/debian/a@2-3?distro=debian-12"),
        (Package("npm", "a", "1"), DEBIAN, "pkg:npm/a@1"),
        (Package("Alpine:v3.19", "a", "2-r3"), None, "pkg:apk/alpine/a@2-r3?distro=alpine-3.19"),
        (Package("AlmaLinux:8", "x", "1:2.3-4"), None, "pkg:rpm/almalinux/x@1:2.3-4?distro=almalinux-8"),
        (Package("Red Hat:enterprise_linux:8", "x", "1-2"), None, "pkg:rpm/redhat/x@1-2?distro=rhel-8"),
        (Package("Ubuntu:22.04:LTS", "x", "1"), None, "pkg:deb/ubuntu/x@1?distro=ubuntu-22.04"),
        (
            Package("SwiftURL", "github.com/apple/swift-nio", "2.0.0"),
            None,
            "pkg:swift/github.com/apple/swift-nio@2.0.0",
        ),
        (Package("CocoaPods", "A/B", "1"), None, "pkg:cocoapods/A@1#B"),
        (Package("Odd Name", "a b", "1"), None, "pkg:generic/a%20b@1"),
    ],
)
def test_a_package_is_written_in_one_spelling(package: Package, distribution: Distribution | None, purl: str) -> None:
    assert purl_of(package, distribution) == purl


def test_upstream_is_written_where_asked_for_and_read_back() -> None:
    package = Package("Debian:12", "libc6", "2.36+b1", source=SourcePackage("glibc", "2.36"), architecture="amd64")
    purl = purl_of(package, upstream=True)
    assert purl == "pkg:deb/debian/libc6@2.36%2Bb1?arch=amd64&distro=debian-12&upstream=glibc%402.36"
    assert package_of(purl) == package


def test_the_release_is_read_as_it_stands() -> None:
    assert distribution_at("pkg:apk/alpine/a@1?distro=alpine-3.10.2") == Distribution("alpine", "3.10.2")
    assert distribution_at("pkg:deb/debian/a@1?distro=jessie") == Distribution("debian", "", codename="jessie")
    assert distribution_at("pkg:npm/a@1") is None


WORDS = st.text(min_size=1, max_size=12).filter(lambda t: t.strip() == t and "/" not in t and t not in {".", ".."})


@given(
    st.sampled_from(["generic", "maven", "nuget", "cargo", "gem"]),
    st.lists(WORDS, max_size=3),
    WORDS,
    st.text(max_size=8),
    st.dictionaries(st.sampled_from(["arch", "distro", "x.y-z"]), st.text(min_size=1, max_size=8), max_size=3),
)
def test_every_purl_reads_back_and_is_what_the_reference_writes(
    kind: str, namespace: list[str], name: str, version: str, qualifiers: dict[str, str]
) -> None:
    made = Purl(kind, "/".join(namespace), name, version, tuple(sorted(qualifiers.items())))
    assert parse_purl(str(made)) == made
    same = PackageURL.from_string(str(made))
    assert (same.type, same.namespace or "", same.name) == (kind, made.namespace.strip(), name.strip())


@given(st.text(max_size=60))
def test_no_text_makes_it_fail(text: str) -> None:
    for one in (text, f"pkg:{text}", f"pkg:deb/{text}", f"pkg:npm/a@1?{text}"):
        package = package_of(one)
        assert package is None or package.name


@given(
    st.sampled_from(
        ["npm", "Maven", "Go", "PyPI", "crates.io", "Debian:12", "Alpine:v3.19", "AlmaLinux:9", "SwiftURL", "generic"]
    ),
    st.from_regex(r"[a-z][a-z0-9]{0,8}(/[a-z0-9]{1,5})?", fullmatch=True),
    st.from_regex(r"v[0-9][0-9A-Za-z.+~:-]{0,8}", fullmatch=True),
)
def test_a_package_reads_back_from_its_purl(ecosystem: str, name: str, version: str) -> None:
    if ecosystem in {"PyPI", "crates.io"} or ":" in ecosystem:
        name = name.replace("/", "")
    if ecosystem == "Maven":
        name = name.replace("/", ":")
    package = Package(ecosystem, name, version)
    assert package_of(purl_of(package)) == package
