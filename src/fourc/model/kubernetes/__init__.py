"""Typed facts about Kubernetes objects, as far as any check asks for them (field names: Kubernetes API, core/v1 and others)."""
