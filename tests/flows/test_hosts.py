"""What counts as a host in a text, and what does not."""

import pytest

from fourc.flows.hosts import Host, Sign, in_config, in_value, is_public_name


@pytest.mark.parametrize(
    ("text", "key", "expected"),
    [
        ("redis-cart:6379", "REDIS_ADDR", ("redis-cart", 6379)),
        ("http://user:p@ss@api.shop.svc.cluster.local/v1?x=1", "URL", ("api.shop.svc.cluster.local", 80)),
        ("jdbc:mysql://mysql.data.svc:3306/shop?useSSL=false", "DB", ("mysql.data.svc", 3306)),
        ("jdbc:postgresql://pg/shop", "DB", ("pg", 5432)),
        ("root:secret@tcp(mysql:3307)/db?parseTime=true", "DSN", ("mysql", 3307)),
        ("amqp://guest:guest@rabbit", "BROKER", ("rabbit", 5672)),
        ("host=pg user=me port=5433", "DSN", ("pg", None)),
        ("cart", "CART_HOST", ("cart", None)),
        ("until nc -z db 5432; do sleep 1; done", "", ("db", 5432)),
        ("http://$(MYSQL_SERVICE_HOST)/", "", ("mysql", None)),
        ("dns:///cart:7070", "CART", ("cart", 7070)),
        ("$(POD_NAME).db.data.svc:5432", "SELF", ("db.data.svc", 5432)),
        ("mongodb://a:b@m0.mongo:27017,m1.mongo:27017/x", "", ("m1.mongo", 27017)),
    ],
)
def test_a_host_in_its_place_is_found_with_its_port(text: str, key: str, expected: tuple[str, int | None]) -> None:
    assert expected in {(h.name, h.port) for h in in_value(text, key)}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("cart", "POSTGRES_DB"),
        ("cart", "MYSQL_USER"),
        ("/srv/cart/data", "DATA_DIR"),
        ("registry.example.com/cart", "IMAGE"),
        ("http://localhost:8080", "URL"),
        ("http://www.w3.org/2001/XMLSchema", "URL"),
        ("12345", "NUMBER"),
        ("file:///cart/x", "URL"),
        ("s3://cart/x", "BUCKET_URL"),
    ],
)
def test_what_is_no_host_is_not_taken_for_one(text: str, key: str) -> None:
    assert [h.name for h in in_value(text, key) if h.name in {"cart", "registry.example.com"} or h.placed] == []


def test_configuration_is_read_by_its_lines_without_comments() -> None:
    text = """
# upstream: http://commented
spring:
  redis:
    host: redis
    port: 6379
  title: cart
upstream backend { server api:8080; }
{"host": "flow", "port": 1, "name": "shop"}
"""
    found = {h.name for h in in_config(text)}
    assert {"redis", "api", "flow"} <= found
    assert found.isdisjoint({"commented", "cart", "shop"})


@pytest.mark.parametrize("name", ["com.example.Driver", "app.properties", "server", "10.0.0.1"])
def test_class_names_files_and_single_words_are_no_public_names(name: str) -> None:
    assert not is_public_name(Host(name.lower(), None, Sign.FIELD))


def test_a_managed_database_is_a_public_name() -> None:
    assert is_public_name(Host("rm-bp1.mysql.rds.aliyuncs.com", 3306, Sign.FIELD))


@pytest.mark.parametrize("text", ["A" * 300_000, "a:" * 150_000, "x.y-" * 70_000, "a=" * 150_000, '{"k":' * 60_000])
def test_a_hostile_text_is_read_in_one_go(text: str) -> None:
    assert [h.name for h in (*in_config(text), *in_value(text)) if h.placed and len(h.name) > 253] == []
