"""Copies in mirrors are the image that they copy; what anybody may have pushed stays unknown."""

import pytest

from fourc.model.image_identity import Publisher, image_identity, rewritten

DIGEST = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("copy", "upstream"),
    [
        ("docker.m.daocloud.io/library/nginx:1", "docker.io/library/nginx:1"),
        ("docker.m.daocloud.io/nginx:1", "docker.io/library/nginx:1"),
        ("m.daocloud.io/docker.io/library/nginx:1", "docker.io/library/nginx:1"),
        ("m.daocloud.io/quay.io/prometheus/prometheus:v3", "quay.io/prometheus/prometheus:v3"),
        ("k8s.m.daocloud.io/kube-proxy:v1.30.0", "registry.k8s.io/kube-proxy:v1.30.0"),
        ("k8s-gcr.m.daocloud.io/pause:3.9", "registry.k8s.io/pause:3.9"),
        ("elastic.m.daocloud.io/beats/filebeat:8", "docker.elastic.co/beats/filebeat:8"),
        ("registry.aliyuncs.com/google_containers/pause:3.9", "registry.k8s.io/pause:3.9"),
        (
            "registry.cn-hangzhou.aliyuncs.com/google_containers/coredns:v1.10.1",
            "registry.k8s.io/coredns/coredns:v1.10.1",
        ),
        ("registry-vpc.cn-beijing.aliyuncs.com/google_containers/etcd:3.5", "registry.k8s.io/etcd:3.5"),
        (
            "registry.aliyuncs.com/google_containers/nginx-ingress-controller:v1.8.1",
            "registry.k8s.io/ingress-nginx/controller:v1.8.1",
        ),
        ("k8s.gcr.io/pause:3.5", "registry.k8s.io/pause:3.5"),
        ("gcr.io/google_containers/pause:3.1", "registry.k8s.io/pause:3.1"),
        ("gcr.azk8s.cn/google_containers/pause:3.1", "registry.k8s.io/pause:3.1"),
        ("swr.cn-north-4.myhuaweicloud.com/ddn-k8s/docker.io/redis:5.0.7", "docker.io/library/redis:5.0.7"),
        (
            "swr.cn-north-4.myhuaweicloud.com/ddn-k8s/registry.k8s.io/ingress-nginx/controller:v1.11.3-linuxarm64",
            "registry.k8s.io/ingress-nginx/controller:v1.11.3",
        ),
        ("swr.cn-north-4.myhuaweicloud.com/ddn-k8s/ghcr.io/a/b:1", "ghcr.io/a/b:1"),
        ("dockerproxy.net/library/debian:13", "docker.io/library/debian:13"),
        ("docker.mirrors.ustc.edu.cn/library/node:18-alpine", "docker.io/library/node:18-alpine"),
        ("ghcr.nju.edu.cn/home-assistant/home-assistant:stable", "ghcr.io/home-assistant/home-assistant:stable"),
        ("k8s.mirror.nju.edu.cn/ingress-nginx/controller:v1.13.2", "registry.k8s.io/ingress-nginx/controller:v1.13.2"),
        ("registry.lank8s.cn/kube-apiserver:v1.28.2", "registry.k8s.io/kube-apiserver:v1.28.2"),
        ("public.ecr.aws/docker/library/python:3.12", "docker.io/library/python:3.12"),
        ("mirror.gcr.io/library/busybox:1", "docker.io/library/busybox:1"),
        (f"docker.m.daocloud.io/library/nginx@{DIGEST}", f"docker.io/library/nginx@{DIGEST}"),
    ],
)
def test_a_mirrors_copy_is_the_image_that_it_copies(copy: str, upstream: str) -> None:
    identity = image_identity(copy)
    assert identity is not None
    assert (identity.publisher, str(identity.upstream)) == (Publisher.MIRROR, upstream)
    assert copy.startswith(identity.mirror)


@pytest.mark.parametrize(
    "image", ["nginx:1", "quay.io/a/b:1", "registry.k8s.io/pause:3.9", "mcr.microsoft.com/dotnet/sdk:8.0"]
)
def test_an_image_of_a_known_registry_is_its_own_upstream(image: str) -> None:
    identity = image_identity(image)
    assert identity is not None
    assert (identity.publisher, identity.upstream) == (Publisher.UPSTREAM, identity.reference)


@pytest.mark.parametrize(
    "image",
    [
        "registry.cn-hangzhou.aliyuncs.com/somebody/nginx:1",
        "registry.aliyuncs.com/google_containers_evil/pause:3.9",
        "swr.cn-north-4.myhuaweicloud.com/somebody/docker.io/nginx:1",
        "swr.cn-north-4.myhuaweicloud.com/ddn-k8s/own-app:1",
        "evil.m.daocloud.io.example.com/library/nginx:1",
        "xregistry.aliyuncs.com/google_containers/pause:3.9",
        "harbor.example.com/docker.io/library/nginx:1",
        "localhost:5000/nginx:1",
        "m.daocloud.io/nginx:1",
    ],
)
def test_an_image_that_anybody_may_have_pushed_stays_unknown(image: str) -> None:
    identity = image_identity(image)
    assert identity is not None
    assert (identity.publisher, identity.upstream) == (Publisher.UNKNOWN, None)


@pytest.mark.parametrize(
    ("inside", "public"),
    [
        ("registry-vpc.cn-hangzhou.aliyuncs.com/a/b:1", "registry.cn-hangzhou.aliyuncs.com/a/b:1"),
        ("registry-internal.cn-beijing.aliyuncs.com/a/b:1", "registry.cn-beijing.aliyuncs.com/a/b:1"),
        ("test-registry-vpc.cn-hangzhou.cr.aliyuncs.com/a/b:1", "test-registry.cn-hangzhou.cr.aliyuncs.com/a/b:1"),
        ("test-registry.cn-hangzhou.cr.aliyuncs.com/a/b:1", "test-registry.cn-hangzhou.cr.aliyuncs.com/a/b:1"),
        ("registry-vpc.example.com/a/b:1", "registry-vpc.example.com/a/b:1"),
    ],
)
def test_the_name_of_a_registry_inside_the_cloud_is_its_public_one(inside: str, public: str) -> None:
    identity = image_identity(inside)
    assert identity is not None
    assert str(identity.address) == public


def test_what_is_no_reference_has_no_identity() -> None:
    assert image_identity("Not An Image") is None


@pytest.mark.parametrize(
    ("image", "new"),
    [
        ("nginx", "nginx:2"),
        ("nginx:1", "nginx:2"),
        (f"nginx:1@{DIGEST}", "nginx:2"),
        ("localhost:5000/app", "localhost:5000/app:2"),
        ("m.daocloud.io/docker.io/library/nginx:1.27", "m.daocloud.io/docker.io/library/nginx:2"),
        ("registry.aliyuncs.com/google_containers/pause:3.9", "registry.aliyuncs.com/google_containers/pause:2"),
    ],
)
def test_a_rewritten_reference_keeps_the_mirror_and_how_it_is_written(image: str, new: str) -> None:
    assert rewritten(image, "2") == new
    assert rewritten(image, "2", DIGEST) == f"{new}@{DIGEST}"
