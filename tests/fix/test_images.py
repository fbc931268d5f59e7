"""A row speaks for the tags that it was checked for, and for no older ones."""

import pytest

from fourc.fix.images import known_image


@pytest.mark.parametrize(
    ("image", "user"),
    [
        ("grafana/tempo:2.10.1", 10001),
        ("grafana/tempo:2.5.0", 10001),
        ("grafana/tempo:2.1.0", None),  # until 2.5 it ran as root and left its data to root
        ("grafana/tempo:1.5.0", None),
        ("prom/node-exporter:v1.10.0", 65534),
        ("prom/node-exporter:v1.10.0-distroless", None),  # another user than the plain image's
        ("docker.elastic.co/elasticsearch/elasticsearch:8.11.1", 1000),
        ("docker.elastic.co/elasticsearch/elasticsearch:6.8.23", None),
        ("php:8.3-fpm", 33),
        ("php:8.3-fpm-alpine3.20", 82),
    ],
)
def test_a_tag_gets_the_user_of_its_own_family(image: str, user: int | None) -> None:
    facts = known_image(image)
    assert facts is not None
    assert facts.user == user
