"""A row speaks for the tags that it was checked for, and for no older ones."""

import pytest

from fourc.fix.images import known_image, parse_image


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


@pytest.mark.parametrize(
    ("image", "repository"),
    [
        ("m.daocloud.io/docker.io/grafana/tempo:2.10.1", "docker.io/grafana/tempo"),
        ("docker.nju.edu.cn/grafana/tempo:2.10.1", "docker.io/grafana/tempo"),
        ("swr.cn-north-4.myhuaweicloud.com/ddn-k8s/docker.io/grafana/tempo:2.10.1", "docker.io/grafana/tempo"),
        ("docker.nju.edu.cn/redis", "docker.io/library/redis"),
        ("registry.aliyuncs.com/google_containers/coredns:v1.11.1", "registry.k8s.io/coredns/coredns"),
        ("m.daocloud.io/k8s.gcr.io/pause:3.9", "registry.k8s.io/pause"),
        ("m.daocloud.io/team/redis", "m.daocloud.io/team/redis"),
        ("registry.cn-hangzhou.aliyuncs.com/team/redis", "registry.cn-hangzhou.aliyuncs.com/team/redis"),
        ("index.docker.io/redis", "docker.io/library/redis"),
        ("${REGISTRY}/redis:${TAG}", "docker.io/${registry}/redis"),
    ],
)
def test_an_image_of_a_mirror_is_that_of_its_upstream_and_a_teams_own_is_its_own(image: str, repository: str) -> None:
    assert parse_image(image).repository == repository


def test_what_is_known_of_an_image_is_known_of_its_copies() -> None:
    copies = ["docker.nju.edu.cn/grafana/tempo:2.10.1", "docker.1ms.run/grafana/tempo:2.10.1"]
    assert [known_image(copy) for copy in copies] == [known_image("grafana/tempo:2.10.1")] * 2
