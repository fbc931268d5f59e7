"""Existing SBOMs as a target: CycloneDX, SPDX and syft's own JSON, each to the packages that it lists."""
