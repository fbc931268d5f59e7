import pytest
from tests.collect.packages.listed import given, lines, needed, of, told

from fourc.collect.packages.form import PackagesError
from fourc.collect.packages.msbuild import read_central, read_config, read_project
from fourc.collect.packages.nuget import read_assets, read_deps, read_lock
from fourc.model.package import Project


def test_a_lock_file_is_one_set_of_all_frameworks_without_projects() -> None:
    listing = read_lock(given("nuget/packages.lock.json"))
    assert told(listing) == {
        "Newtonsoft.Json 12.0.3 direct",
        "Serilog.Sinks.Console 4.0.1 direct",
        "Serilog 2.10.0",
        "System.Text.Encodings.Web 4.5.0",
        "System.Text.Encodings.Web 4.7.2",
    }
    assert needed(listing) == {"Serilog.Sinks.Console 4.0.1 > Serilog 2.10.0"}
    assert lines(listing)["Newtonsoft.Json"] == 5
    assert lines(listing)["Serilog"] == 19


def test_of_a_built_application_only_what_runs_is_there_and_the_runtime_has_its_packages_name() -> None:
    listing = read_deps(given("nuget/shop.deps.json"))
    assert told(listing) == {
        "Microsoft.NETCore.App.Runtime.linux-x64 6.0.3 direct",
        "Newtonsoft.Json 12.0.3 direct",
        "Dapper 2.0.123",
        "SQLitePCLRaw.lib.e_sqlite3 2.0.4",
    }
    assert needed(listing) == {"Dapper 2.0.123 > Newtonsoft.Json 12.0.3"}
    assert listing.project == Project("NuGet", "Shop", "1.2.0")


def test_an_application_without_its_target_tells_of_all_libraries() -> None:
    text = '{"libraries": {"A/1.0.0": {"type": "package"}, "B/2": {"type": "reference"}, "Me/1": {"type": "project"}}}'
    listing = read_deps(of("a.deps.json", text))
    assert told(listing) == {"A 1.0.0"}
    assert listing.direct is None


def test_what_a_restore_chose_tells_direct_from_transitive() -> None:
    listing = read_assets(given("nuget/project.assets.json"))
    assert told(listing) == {
        "Microsoft.NET.Test.Sdk 17.1.0 direct",
        "Newtonsoft.Json 13.0.1",
        "NuGet.Frameworks 5.11.0",
        "StyleCop.Analyzers 1.1.118 dev direct",
    }
    assert needed(listing) == {"Microsoft.NET.Test.Sdk 17.1.0 > Newtonsoft.Json 13.0.1"}
    assert listing.project == Project("NuGet", "Shop.Tests", "1.0.0")


def test_a_project_takes_versions_from_itself_and_from_the_files_above_it() -> None:
    listing = read_project(given("nuget/src/Web/Web.csproj"))
    assert told(listing) == {
        "StyleCop.Analyzers 1.1.118 dev direct",
        "Nerdbank.GitVersioning 3.5.109 dev direct",
        "Newtonsoft.Json 12.0.3 direct",
        "dapper 2.0.90 direct",
        "Microsoft.AspNetCore.Authentication.JwtBearer 6.0.3 direct",
        "Serilog 2.11.0 direct",
        "Moq 4.17.2 dev direct",
    }
    assert lines(listing)["Newtonsoft.Json"] == 7
    assert lines(listing)["Serilog"] == 18
    assert lines(listing)["StyleCop.Analyzers"] == 0
    assert listing.unresolved == ("Floating", "Unknown.Property", "Range")
    assert listing.project == Project("NuGet", "Web", "3.1.0")


def test_central_versions_are_packages_of_their_own_file() -> None:
    listing = read_central(given("nuget/Directory.Packages.props"))
    assert told(listing) == {
        "Newtonsoft.Json 12.0.3 direct",
        "Dapper 2.0.123 direct",
        "Microsoft.AspNetCore.Authentication.JwtBearer 6.0.3 direct",
        "Nerdbank.GitVersioning 3.5.109 dev direct",
    }
    assert lines(listing)["Dapper"] == 7
    assert listing.unresolved == ("Floating",)


def test_a_packages_config_marks_what_is_for_development() -> None:
    assert told(read_config(given("nuget/packages.config"))) == {
        "Newtonsoft.Json 6.0.4",
        "Microsoft.Net.Compilers 1.0.0 dev",
        "EntityFramework 6.1.3",
    }


def test_a_test_projects_packages_are_for_development() -> None:
    text = (
        "<Project><PropertyGroup><IsTestProject>true</IsTestProject></PropertyGroup>"
        '<ItemGroup><PackageReference Include="xunit" Version="2.4.1"/></ItemGroup></Project>'
    )
    assert told(read_project(of("t.csproj", text))) == {"xunit 2.4.1 dev direct"}


def test_utf_16_as_visual_studio_writes_it_is_read() -> None:
    text = '{"version": 1, "dependencies": {"net6.0": {"A": {"type": "Direct", "resolved": "1.0"}}}}'
    assert told(read_lock(of("packages.lock.json", text.encode("utf-16")))) == {"A 1.0 direct"}
    config = '<?xml version="1.0" encoding="utf-16"?><packages><package id="A" version="1.0"/></packages>'
    assert told(read_config(of("packages.config", config.encode("utf-16")))) == {"A 1.0"}


@pytest.mark.parametrize("text", ["", "[]", '{"dependencies": 1}', '{"dependencies": {"a": {"b": []}}}', "[" * 100_000])
def test_a_lock_file_of_another_shape_is_an_error(text: str) -> None:
    with pytest.raises(PackagesError):
        read_lock(of("packages.lock.json", text))
