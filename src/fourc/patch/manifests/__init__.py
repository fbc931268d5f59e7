"""Versions in the manifests of packages, changed where they stand."""

from fourc.patch.manifests.editors import FORMS, set_version
from fourc.patch.manifests.refusal import VersionRefused

__all__ = ["FORMS", "VersionRefused", "set_version"]
