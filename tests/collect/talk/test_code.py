"""Clients that sources declare: who calls whom, over shared modules too."""

from pathlib import Path

import pytest

from fourc.collect.talk.code import code_of, read_code
from fourc.model.flows import Code

POM = "<project><dependencies><dependency><artifactId>{}</artifactId></dependency></dependencies></project>"
MAIN = "class Main { }"


def calls(code: Code) -> set[tuple[str, str]]:
    """Caller and callee."""
    return {(c.application, c.service) for c in code.clients}


@pytest.mark.parametrize(
    "source",
    [
        '@FeignClient("user") interface C {}',
        '@FeignClient(name = "user", path = "/a") interface C {}',
        '@FeignClient(contextId = "c", value = "user", fallbackFactory = F.class) interface C {}',
        '@FeignClient(value = Names.USER) interface C {} class Names { static final String USER = "user"; }',
        '@FeignClient(name = "${user.name:user}") interface C {}',
        '@FeignClient(name = "x", url = "http://user:8080/api") interface C {}',
        'class C { String u = "http://user/api"; }',
        'class C { WebClient w = b.baseUrl("lb://user").build(); }',
    ],
)
@pytest.mark.parametrize("ending", ["java", "kt"])
def test_a_client_is_found_in_every_form(source: str, ending: str) -> None:
    code = code_of([(f"order/src/main/java/x/C.{ending}", f"package x;\n{source}")], "root")
    assert calls(code) == {("order", "user")}
    assert code.clients[0].place == f"order/src/main/java/x/C.{ending}:2"


@pytest.mark.parametrize(
    "source",
    [
        '// @FeignClient("user")',
        '/* @FeignClient("user")\n */',
        "@FeignClient(name = Unknown.NAME) interface C {}",
        '"https://www.example.com"',
    ],
)
def test_comments_and_what_has_no_name_are_no_clients(source: str) -> None:
    assert calls(code_of([("order/src/main/java/x/C.java", source)], "root")) == set()


def test_an_application_is_called_as_its_configuration_says() -> None:
    code = code_of(
        [
            ("svc-a/src/main/java/C.java", '@FeignClient("user") interface C {}'),
            ("svc-a/src/main/resources/bootstrap.yml", "spring:\n  application:\n    name: order\n"),
            ("svc-b/src/main/java/M.java", MAIN),
            ("svc-b/src/main/resources/application.properties", "spring.application.name=user\n"),
            ("svc-c/src/main/java/M.java", MAIN),
            (
                "svc-c/src/main/resources/application.yml",
                "spring:\n  cloud:\n    gateway:\n      routes:\n        - uri: lb://order\n",
            ),
        ],
        "root",
    )
    assert code.applications == {"order", "user", "svc-c"}
    assert calls(code) == {("order", "user"), ("svc-c", "order")}


def test_a_client_in_a_shared_module_belongs_to_all_that_depend_on_it() -> None:
    code = code_of(
        [
            ("api/user-api/src/main/java/C.java", '@FeignClient("user") interface C {}'),
            ("common/src/main/java/M.java", MAIN),
            ("common/pom.xml", POM.format("user-api")),
            ("order/src/main/java/M.java", MAIN),
            ("order/pom.xml", POM.format("common")),
            ("stock/src/main/java/M.java", MAIN),
            ("stock/build.gradle", "dependencies { implementation project(':user-api') }"),
            ("pay/src/main/java/M.java", MAIN),
        ],
        "root",
    )
    assert {c for c, s in calls(code) if s == "user"} == {"user-api", "common", "order", "stock"}


def test_dubbo_goes_from_references_to_who_provides_the_interface() -> None:
    code = code_of(
        [
            (
                "web/src/main/java/C.java",
                'import org.apache.dubbo.x;\nclass C {\n  @DubboReference(version = "1")\n  private OrderService orders;\n}',
            ),
            (
                "kweb/src/main/kotlin/C.kt",
                "import org.apache.dubbo.x\nclass C { @DubboReference lateinit var orders: OrderService }",
            ),
            (
                "order/src/main/java/S.java",
                'import org.apache.dubbo.x;\n@DubboService(version = "1")\npublic class S implements OrderService, Other { }',
            ),
        ],
        "root",
    )
    assert calls(code) == {("web", "order"), ("kweb", "order")}


def test_a_folder_is_read_without_what_is_built_and_tested(tmp_path: Path) -> None:
    for path, text in {
        "order/src/main/java/C.java": '@FeignClient("user") interface C {}',
        "order/src/test/java/T.java": '@FeignClient("mock") interface T {}',
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    assert calls(read_code(tmp_path)) == {("order", "user")}
