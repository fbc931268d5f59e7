import pytest
from tests.collect.packages.listed import given, lines, of, told

from fourc.collect.packages.form import PackagesError
from fourc.collect.packages.gradle import read_catalog, read_lock, read_verification
from fourc.collect.packages.gradle_scripts import read_build
from fourc.collect.packages.maven import exact, read_pom
from fourc.model.package import Project


def test_a_module_takes_versions_from_its_own_properties_its_parent_and_the_bom_that_the_parent_imports() -> None:
    listing = read_pom(given("maven/app/pom.xml"))
    assert told(listing) == {
        "com.fasterxml.jackson.core:jackson-databind 2.13.2 direct",
        "org.springframework:spring-web 5.3.17 direct",
        "org.apache.logging.log4j:log4j-core 2.14.1 direct",
        "org.mockito:mockito-core 4.4.0 dev direct",
        "junit:junit 4.12 dev direct",
        "javax.servlet:javax.servlet-api 4.0.1 direct",
        "com.oracle:ojdbc6 11.2.0.3 direct",
        "org.example:shop-model 2.4.0 direct",
        "org.slf4j:slf4j-api 1.7.36 direct",
    }
    assert listing.project == Project("Maven", "org.example:shop-app", "2.4.0")


def test_a_dependency_stands_on_the_line_where_its_element_begins_and_an_inherited_one_on_none() -> None:
    found = lines(read_pom(given("maven/app/pom.xml")))
    assert found["com.fasterxml.jackson.core:jackson-databind"] == 13
    assert found["org.springframework:spring-web"] == 24
    assert found["org.slf4j:slf4j-api"] == 0


def test_what_is_only_managed_is_no_package_of_the_project() -> None:
    assert told(read_pom(given("maven/pom.xml"))) == {"org.slf4j:slf4j-api 1.7.36 direct"}


def test_without_the_parents_file_only_what_the_pom_itself_says_is_known() -> None:
    alone = read_pom(of("pom.xml", given("maven/app/pom.xml").data))
    assert "com.fasterxml.jackson.core:jackson-databind 2.13.2 direct" in told(alone)
    assert not any(package.name.endswith((":spring-web", ":log4j-core", ":mockito-core")) for package in alone.packages)


POM = "<project><artifactId>{name}</artifactId><groupId>g</groupId><version>1</version>{rest}</project>"
PARENT = "<parent><groupId>g</groupId><artifactId>{name}</artifactId><version>1</version>{rest}</parent>"


def _dependency(artifact: str, version: str) -> str:
    return (
        f"<dependencies><dependency><groupId>g</groupId><artifactId>{artifact}</artifactId>"
        f"<version>{version}</version></dependency></dependencies>"
    )


def test_a_pom_above_that_is_not_the_parent_asked_for_is_not_the_parent() -> None:
    above = POM.format(name="other", rest="<properties><v>9</v></properties>" + _dependency("x", "1"))
    pom = POM.format(name="app", rest=PARENT.format(name="boss", rest="") + _dependency("a", "${v}"))
    assert told(read_pom(of("pom.xml", pom, **{"../pom.xml": above}))) == set()
    pom = POM.format(name="app", rest=PARENT.format(name="other", rest="") + _dependency("a", "${v}"))
    assert told(read_pom(of("pom.xml", pom, **{"../pom.xml": above}))) == {"g:a 9 direct", "g:x 1 direct"}


def test_what_only_files_elsewhere_or_a_range_decide_is_left_open() -> None:
    alone = read_pom(of("pom.xml", given("maven/app/pom.xml").data))
    assert alone.unresolved == (
        "org.springframework:spring-web",
        "org.apache.logging.log4j:log4j-core",
        "org.mockito:mockito-core",
        "commons-io:commons-io",
        "com.google.guava:guava",
        "org.hibernate:hibernate-core",
        "org.example:shop-model",
    )
    unknown = read_pom(of("pom.xml", POM.format(name="app", rest=_dependency("${who}", "1"))))
    assert (told(unknown), unknown.unresolved) == (set(), ("g:${who}",))


def test_an_empty_relative_path_means_that_the_parent_is_not_here() -> None:
    above = POM.format(name="other", rest=_dependency("x", "1"))
    pom = POM.format(name="app", rest=PARENT.format(name="other", rest="<relativePath/>"))
    assert told(read_pom(of("pom.xml", pom, **{"../pom.xml": above}))) == set()


def test_a_parent_that_is_its_own_parent_and_a_property_that_is_its_own_value_end() -> None:
    pom = POM.format(name="app", rest=PARENT.format(name="app", rest="<relativePath>pom.xml</relativePath>"))
    assert told(read_pom(of("pom.xml", pom, **{"pom.xml": pom}))) == set()
    grow = "<properties><a>${b}${b}</a><b>${a}${a}</b></properties>"
    assert told(read_pom(of("pom.xml", POM.format(name="app", rest=grow + _dependency("x", "${a}"))))) == set()


@pytest.mark.parametrize(
    ("written", "version"),
    [
        ("1.0", "1.0"),
        (" 1.0-jre ", "1.0-jre"),
        ("[1.0]", "1.0"),
        ("[1.0,2.0)", ""),
        ("[1.0,)", ""),
        ("(,1.0]", ""),
        ("LATEST", ""),
        ("RELEASE", ""),
        ("${x}", ""),
        ("", ""),
    ],
)
def test_only_one_exact_version_is_a_version(written: str, version: str) -> None:
    assert exact(written) == version


def test_a_gradle_lock_file_tells_what_only_builds_or_tests() -> None:
    listing = read_lock(given("maven/gradle.lockfile"))
    assert told(listing) == {
        "com.fasterxml.jackson.core:jackson-annotations 2.13.2",
        "com.fasterxml.jackson.core:jackson-databind 2.13.2",
        "net.bytebuddy:byte-buddy 1.12.9 dev",
        "org.projectlombok:lombok 1.18.22",
        "org.mapstruct:mapstruct-processor 1.4.2.Final dev",
        "org.yaml:snakeyaml 1.29",
        "org.jacoco:org.jacoco.agent 0.8.7 dev",
    }
    assert lines(listing)["com.fasterxml.jackson.core:jackson-databind"] == 5
    assert listing.direct is None


def test_what_a_gradle_build_script_loads_is_for_building() -> None:
    assert told(read_lock(given("maven/buildscript-gradle.lockfile"))) == {
        "org.springframework.boot:spring-boot-gradle-plugin 2.6.6 dev"
    }


def test_verification_metadata_names_each_component() -> None:
    listing = read_verification(given("maven/verification-metadata.xml"))
    assert told(listing) == {"commons-codec:commons-codec 1.11", "org.apache:apache 18"}
    assert lines(listing) == {"commons-codec:commons-codec": 8, "org.apache:apache": 13}


def test_a_version_catalog_gives_libraries_of_one_exact_version() -> None:
    listing = read_catalog(given("maven/libs.versions.toml"))
    assert told(listing) == {
        "org.jetbrains.kotlin:kotlin-stdlib 1.6.10 direct",
        "com.squareup.okhttp3:okhttp 4.9.3 direct",
        "com.fasterxml.jackson.core:jackson-databind 2.13.2 direct",
        "com.google.guava:guava 31.1-jre direct",
    }
    assert lines(listing)["com.google.guava:guava"] == 11
    assert listing.unresolved == ("org.slf4j:slf4j-api", "org.springframework:spring-web", "org.example:missing")


def test_of_a_gradle_build_script_only_literal_coordinates_in_a_dependencys_line_count() -> None:
    listing = read_build(given("maven/build.gradle"))
    assert told(listing) == {
        "com.android.tools.build:gradle 7.1.2 dev direct",
        "org.apache.logging.log4j:log4j-core 2.14.1 direct",
        "com.google.guava:guava 31.1-jre direct",
        "org.springframework.boot:spring-boot-dependencies 2.6.6 direct",
        "commons-io:commons-io 2.6 direct",
        "junit:junit 4.12 dev direct",
        "org.projectlombok:lombok 1.18.22 dev direct",
        "com.h2database:h2 1.4.200 direct",
    }
    assert lines(listing)["org.apache.logging.log4j:log4j-core"] == 13
    assert listing.unresolved == ("org.slf4j:slf4j-api", "org.yaml:snakeyaml", "org.springframework:spring-web")


@pytest.mark.parametrize(
    "line",
    ["implementation project(':core')", "api files('libs/a.jar')", "implementation ':local:1.0'", "api 'local.jar'"],
)
def test_what_is_the_projects_own_is_not_left_open(line: str) -> None:
    assert read_build(of("build.gradle", line)).unresolved == ()


def test_kotlins_build_script_is_read_alike() -> None:
    assert told(read_build(given("maven/build.gradle.kts"))) == {
        "io.ktor:ktor-server-core 1.6.7 direct",
        "com.amazonaws:aws-java-sdk-bom 1.12.187 direct",
        "com.google.dagger:dagger-compiler 2.41 dev direct",
        "org.postgresql:postgresql 42.3.2 direct",
        "io.mockk:mockk 1.12.3 dev direct",
    }


@pytest.mark.parametrize(
    "text", ["", "<project>", "<html/>", "<project>\0</project>", '<?xml version="1.0" encoding="x"?><a/>']
)
def test_what_is_no_pom_is_an_error(text: str) -> None:
    with pytest.raises(PackagesError):
        read_pom(of("pom.xml", text))
