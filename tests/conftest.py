"""No test asserts a time: on a busy machine a hypothesis deadline is a coin toss."""

from hypothesis import settings
from tests.cluster.fixtures import cluster, lone_cluster, newest_cluster

__all__ = ["cluster", "lone_cluster", "newest_cluster"]

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
