import pytest
from tests.collect.packages.listed import given, lines, needed, of, told

from fourc.collect.packages.clojure import read_deps
from fourc.collect.packages.cpp import read_lock as read_conan
from fourc.collect.packages.cpp import read_text as read_conanfile
from fourc.collect.packages.dart import read_lock as read_pub
from fourc.collect.packages.elixir import read_gleam, read_mix, read_rebar
from fourc.collect.packages.github_actions import read_workflow
from fourc.collect.packages.haskell import read_freeze, read_stack, read_stack_lock
from fourc.collect.packages.ivy import read_ivy
from fourc.collect.packages.julia import read_manifest
from fourc.collect.packages.nuget import read_tools
from fourc.collect.packages.paket import read_lock as read_paket
from fourc.collect.packages.r import read_description, read_packrat, read_renv
from fourc.collect.packages.sbt import read_build, read_lock
from fourc.collect.packages.swift import read_carthage, read_podfile, read_resolved, repository
from fourc.model.package import Package, Project


def test_mix_names_the_package_of_hex_and_tells_by_mix_exs_what_only_tests_need() -> None:
    listing = read_mix(given("elixir/mix.lock"))
    assert told(listing) == {
        "bypass 2.1.0 dev direct",
        "decimal 2.0.0",
        "jason 1.3.0 direct",
        "mime 1.6.0",
        "plug 1.11.0 direct",
        "ranch 1.8.0 dev",
        "other_name 0.1.2 dev direct",
    }
    assert needed(listing) == {
        "bypass 2.1.0 > plug 1.11.0",
        "bypass 2.1.0 > ranch 1.8.0",
        "jason 1.3.0 > decimal 2.0.0",
        "plug 1.11.0 > mime 1.6.0",
    }
    assert lines(listing)["jason"] == 5


def test_without_mix_exs_or_with_one_of_an_umbrella_nothing_is_called_direct_or_dev() -> None:
    data = given("elixir/mix.lock").data
    for listing in (
        read_mix(of("mix.lock", data)),
        read_mix(of("mix.lock", data, **{"mix.exs": "[apps_path: 1, {:plug, 1}]"})),
    ):
        assert listing.direct is None
        assert "ranch 1.8.0" in told(listing)


def test_rebar_gives_packages_of_hex_with_level_0_as_direct() -> None:
    listing = read_rebar(given("elixir/rebar.lock"))
    assert told(listing) == {"certifi 2.9.0", "hackney 1.18.1 direct", "jsx_fork 3.1.0 direct"}
    assert lines(listing) == {"certifi": 2, "hackney": 7, "jsx_fork": 8}


def test_pub_tells_direct_overridden_development_and_transitive_packages() -> None:
    listing = read_pub(given("dart/pubspec.lock"))
    assert told(listing) == {
        "archive 3.3.0 direct",
        "flutter 0.0.0 direct",
        "http 0.13.2 direct",
        "test 1.21.4 dev direct",
        "typed_data 1.3.1",
    }
    assert lines(listing)["http"] == 17


def test_swift_packages_are_named_by_their_repository() -> None:
    listing = read_resolved(given("swift/Package.resolved"))
    assert told(listing) == {
        "github.com/apple/swift-nio 2.40.0 direct",
        "github.com/apple/swift-mmio main",
        "mona.linkedlist 1.2.0",
    }
    assert lines(listing)["github.com/apple/swift-nio"] == 5


def test_the_first_version_of_package_resolved_is_read_too() -> None:
    text = (
        '{"object": {"pins": [{"package": "Alamofire", "repositoryURL": "https://github.com/Alamofire/Alamofire.git",'
        ' "state": {"branch": null, "revision": "f96b619bcb2383b43d898402283924b80e2c4bae", "version": "5.4.3"}}]}, "version": 1}'
    )
    assert told(read_resolved(of("Package.resolved", text))) == {"github.com/Alamofire/Alamofire 5.4.3"}


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/apple/swift-nio",
        "https://github.com/apple/swift-nio.git",
        "https://user:word@github.com/apple/swift-nio/",
        "ssh://git@github.com/apple/swift-nio.git",
        "git@github.com:apple/swift-nio.git",
    ],
)
def test_a_repository_has_one_name_however_it_is_reached(url: str) -> None:
    assert repository(url) == "github.com/apple/swift-nio"


def test_subspecs_of_pods_are_packages_needed_by_their_pod() -> None:
    listing = read_podfile(given("swift/Podfile.lock"))
    assert told(listing) == {
        "AFNetworking 2.5.1 direct",
        "AFNetworking/NSURLSession 2.5.1",
        "AFNetworking/Reachability 2.5.1",
        "GoogleUtilities/NSData+zlib 7.7.0 direct",
        "SwiftGen 6.5.1",
    }
    assert needed(listing) == {
        "AFNetworking 2.5.1 > AFNetworking/NSURLSession 2.5.1",
        "AFNetworking 2.5.1 > AFNetworking/Reachability 2.5.1",
        "AFNetworking/NSURLSession 2.5.1 > AFNetworking/Reachability 2.5.1",
    }


def test_carthage_names_repositories_like_swift() -> None:
    assert told(read_carthage(given("swift/Cartfile.resolved"))) == {
        "gitlab.example.com/tools/Lib 0.4.0",
        "github.com/Alamofire/Alamofire 5.6.1",
        "github.com/ReactiveX/RxSwift b3e888b4972d9bc76495dd74d30a8c7fad4b9395",
    }


def test_conan_1_is_a_graph_whose_tools_are_for_development() -> None:
    listing = read_conan(given("cpp/one/conan.lock"))
    assert told(listing) == {"poco 1.9.4 direct", "openssl 1.0.2s", "cmake 3.22.0 dev direct"}
    assert needed(listing) == {"poco 1.9.4 > openssl 1.0.2s"}
    assert lines(listing)["poco"] == 15


def test_conan_2_is_a_list() -> None:
    listing = read_conan(given("cpp/conan.lock"))
    assert told(listing) == {"zlib 1.2.11", "openssl 1.1.1q", "cmake 3.23.1 dev"}
    assert lines(listing) == {"zlib": 4, "openssl": 5, "cmake": 8}
    assert listing.direct is None


def test_a_conanfile_tells_of_exact_versions_and_leaves_ranges_open() -> None:
    listing = read_conanfile(given("cpp/conanfile.txt"))
    assert told(listing) == {"zlib 1.2.11 direct", "spdlog 1.9.2 direct", "cmake 3.23.1 dev direct"}
    assert listing.unresolved == ("fmt",)


def test_julias_standard_library_has_julias_version() -> None:
    listing = read_manifest(given("julia/Manifest.toml"))
    assert told(listing) == {
        "Dates 1.9.0",
        "HTTP 1.8.0 direct",
        "Printf 1.9.0",
        "Twice 0.2.0 direct",
        "URIs 1.4.2",
    }
    assert needed(listing) == {
        "Dates 1.9.0 > Printf 1.9.0",
        "HTTP 1.8.0 > Dates 1.9.0",
        "HTTP 1.8.0 > URIs 1.4.2",
        "Twice 0.2.0 > URIs 1.4.2",
    }
    assert listing.project == Project("Julia", "Shop", "0.3.0")
    assert lines(listing)["HTTP"] == 11


def test_julias_first_manifest_format_is_read_too() -> None:
    text = '[[Dates]]\nuuid = "a"\n\n[[JSON]]\ndeps = ["Dates"]\nuuid = "b"\nversion = "0.21.1"\n'
    listing = read_manifest(of("Manifest.toml", text))
    assert told(listing) == {"JSON 0.21.1"}
    assert listing.direct is None


def test_stack_tells_of_packages_beyond_its_snapshot() -> None:
    assert told(read_stack_lock(given("haskell/stack.yaml.lock"))) == {"HTTP 4000.3.16", "lens-aeson 1.1.3"}
    assert told(read_stack(given("haskell/stack.yaml"))) == {"HTTP 4000.3.16 direct", "lens-aeson 1.1.3 direct"}
    assert lines(read_stack(given("haskell/stack.yaml")))["lens-aeson"] == 6


def test_a_freeze_of_cabal_gives_one_version_each() -> None:
    listing = read_freeze(given("haskell/cabal.project.freeze"))
    assert told(listing) == {"Cabal 3.2.1.0", "aeson 1.5.6.0", "base 4.14.3.0", "http-client-tls 0.3.5.3"}
    assert lines(listing)["aeson"] == 5


def test_renv_tells_where_a_package_is_from() -> None:
    listing = read_renv(given("r/renv.lock"))
    assert {package.identity for package in listing.packages} == {
        ("Bioconductor", "BiocGenerics", "0.42.0"),
        ("CRAN", "commonmark", "1.7"),
        ("CRAN", "markdown", "1.0"),
    }
    assert needed(listing) == {"markdown 1.0 > commonmark 1.7"}
    assert lines(listing)["markdown"] == 35


def test_an_installed_package_of_r_tells_of_itself_and_one_that_is_only_source_does_not() -> None:
    listing = read_description(given("r/DESCRIPTION"))
    assert listing.packages == (Package("CRAN", "rlang", "1.0.6", licences=("MIT + file LICENSE",)),)
    assert told(read_description(of("DESCRIPTION", "Package: rlang\nVersion: 1.0.6\n"))) == set()
    assert (
        told(read_description(of("DESCRIPTION", "Package: utils\nVersion: 4.2.2\nPriority: base\nBuilt: R 4.2.2\n")))
        == set()
    )


def test_a_lock_file_of_sbt_tells_what_only_tests_need() -> None:
    listing = read_lock(given("sbt/build.sbt.lock"))
    assert told(listing) == {"org.apache.commons:commons-lang3 3.9", "org.scalatest:scalatest_2.12 3.0.8 dev"}
    assert lines(listing) == {"org.apache.commons:commons-lang3": 14, "org.scalatest:scalatest_2.12": 30}


def test_scalas_version_is_part_of_the_name_where_the_build_says_which_it_is() -> None:
    listing = read_build(given("sbt/build.sbt"))
    assert told(listing) == {
        "com.typesafe.akka:akka-http_2.13 10.2.8 direct",
        "com.typesafe.akka:akka-stream_2.13 2.6.18 direct",
        "org.apache.logging.log4j:log4j-core 2.14.1 direct",
        "org.postgresql:postgresql 42.3.2 direct",
        "org.scalatest:scalatest_2.13 3.2.11 dev direct",
    }
    assert told(read_build(of("build.sbt", 'libraryDependencies += "a" %% "b" % "1.0"'))) == {"a:b 1.0 direct"}
    assert told(read_build(of("build.sbt", 'scalaVersion := "3.1.0"\nx += "a" %% "b" % "1.0"'))) == {"a:b_3 1.0 direct"}
    assert listing.unresolved == ("org.example:unknown_2.13", "org.example:floating")


def test_modules_of_the_build_itself_are_not_left_open_and_scalas_own_have_its_version() -> None:
    text = """scalaVersion := "2.13.8"
x += "org.scala-lang" % "scala-reflect" % scalaVersion.value
x += "org.example" %% "own" % version.value
x += "org.example" % "range" % "[1.0,2.0)"
"""
    listing = read_build(of("build.sbt", text))
    assert told(listing) == {"org.scala-lang:scala-reflect 2.13.8 direct"}
    assert listing.unresolved == ("org.example:range",)


def test_only_actions_pinned_to_one_version_count() -> None:
    listing = read_workflow(given("actions/.github/workflows/build.yml"))
    assert told(listing) == {
        "actions/setup-go 5.0.1 dev direct",
        "tj-actions/changed-files 45.0.7 dev direct",
        "github/codeql-action 2.13.4 dev direct",
        "example/workflows 1.4.2 dev direct",
    }
    assert lines(listing)["tj-actions/changed-files"] == 10


def test_a_manifest_elsewhere_is_no_workflow() -> None:
    assert told(read_workflow(of("deploy/app.yml", "uses: a/b@v1.0.0"))) == set()


def test_packrat_is_read_by_paragraphs() -> None:
    listing = read_packrat(given("r/packrat.lock"))
    assert told(listing) == {"markdown 1.0", "mime 0.7"}
    assert needed(listing) == {"markdown 1.0 > mime 0.7"}
    assert lines(listing) == {"markdown": 6, "mime": 13}


def test_gleam_tells_by_its_own_file_what_is_for_development() -> None:
    listing = read_gleam(given("gleam/manifest.toml"))
    assert told(listing) == {"gleam_http 3.5.2 direct", "gleam_stdlib 0.34.0", "gleeunit 1.0.0 dev direct"}
    assert lines(listing) == {"gleam_http": 5, "gleam_stdlib": 6, "gleeunit": 7}


def test_paket_tells_groups_and_what_is_asked_for() -> None:
    listing = read_paket(given("paket/paket.lock"))
    assert told(listing) == {
        "FSharp.Core 4.7.2",
        "Giraffe 5.0 direct",
        "Newtonsoft.Json 12.0.3",
        "NUnit 3.13.2 dev direct",
    }
    assert needed(listing) == {"Giraffe 5.0 > FSharp.Core 4.7.2", "Giraffe 5.0 > Newtonsoft.Json 12.0.3"}


def test_local_tools_of_dotnet_are_for_development() -> None:
    assert told(read_tools(given("nuget/.config/dotnet-tools.json"))) == {"dotnet-ef 6.0.3 dev direct"}


def test_clojure_names_mavens_artifacts() -> None:
    listing = read_deps(given("clojure/deps.edn"))
    assert told(listing) == {
        "org.clojure:clojure 1.10.3 direct",
        "ring:ring-core 1.9.4 direct",
        "hiccup:hiccup 1.0.5 direct",
        "lambdaisland:kaocha 1.64.1010 direct",
    }
    assert lines(listing)["hiccup:hiccup"] == 6
    assert listing.unresolved == ("range:range",)


def test_ivy_tells_exact_revisions() -> None:
    listing = read_ivy(given("ivy/ivy.xml"))
    assert told(listing) == {"commons-lang:commons-lang 2.6 direct", "junit:junit 4.12 dev direct"}
    assert listing.unresolved == ("commons-cli:commons-cli", "commons-io:commons-io")
    assert listing.project == Project("Maven", "org.example:shop")
