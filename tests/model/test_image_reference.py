"""References to images are read as Docker reads them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourc.model.image_reference import image_reference

DIGEST = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("nginx", "docker.io/library/nginx:latest"),
        ("nginx:1.27", "docker.io/library/nginx:1.27"),
        ("bitnami/redis", "docker.io/bitnami/redis:latest"),
        ("docker.io/nginx", "docker.io/library/nginx:latest"),
        ("index.docker.io/library/nginx:1", "docker.io/library/nginx:1"),
        ("localhost/app", "localhost/app:latest"),
        ("localhost:5000/app:1", "localhost:5000/app:1"),
        ("127.0.0.1:5000/a/b/c:1", "127.0.0.1:5000/a/b/c:1"),
        ("[::1]:5000/app", "[::1]:5000/app:latest"),
        ("Registry/app", "Registry/app:latest"),
        ("quay.io/prometheus/prometheus:v3", "quay.io/prometheus/prometheus:v3"),
        (f"nginx@{DIGEST}", f"docker.io/library/nginx@{DIGEST}"),
        (f"nginx:1.27@{DIGEST}", f"docker.io/library/nginx:1.27@{DIGEST}"),
        ("a__b/c--d.e_f", "docker.io/a__b/c--d.e_f:latest"),
    ],
)
def test_what_is_left_out_is_dockers(text: str, whole: str) -> None:
    assert str(image_reference(text)) == whole


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "UPPER", "a b", "nginx:", "nginx@", "nginx@sha256:abc", "a//b", "/a", "a/", "a" * 300, "nginx:" + "t" * 129,
        "a" * 64, "-a", "a..b/c", "a/../b", "http://a/b", "nginx:1:2", "quay.io/", "quay.io/A", "a:b/c:d", f"a@{DIGEST}@{DIGEST}",
    ],
)  # fmt: skip
def test_what_docker_refuses_is_no_reference(text: str) -> None:
    assert image_reference(text) is None


def test_the_digest_names_the_image_before_the_tag_does() -> None:
    reference = image_reference(f"quay.io/a/b:1@{DIGEST}")
    assert reference is not None
    assert (reference.registry, reference.path, reference.version) == ("quay.io", "a/b", DIGEST)


@given(st.text(st.sampled_from("ab/.:@-_[]A1 "), max_size=30))
def test_a_reference_written_out_refers_to_the_same(text: str) -> None:
    reference = image_reference(text)
    assert reference is None or image_reference(str(reference)) in {reference, image_reference(f"{text}:latest")}
