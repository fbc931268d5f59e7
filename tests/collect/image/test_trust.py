"""Docker's certificates for a registry: broken ones are told, those that only root may read are passed over."""

from pathlib import Path

import pytest

from fourc.collect.image import download
from fourc.collect.image.errors import ImageError


def test_a_broken_certificate_of_docker_is_told_with_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "_CERTIFICATES", str(tmp_path))
    file = tmp_path / "registry.example.com" / "ca.crt"
    file.parent.mkdir()
    file.write_text("no certificate")
    with pytest.raises(ImageError) as refused:
        download.Connection("registry.example.com", "", lambda: None)
    assert str(file) in str(refused.value.message)
    download.Connection("other.example.com", "", lambda: None)


def test_a_certificate_that_only_root_may_read_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(download, "_CERTIFICATES", str(tmp_path))
    monkeypatch.setattr(Path, "is_file", refuse)
    assert download.Connection("registry.example.com", "", lambda: None).host == "registry.example.com"
