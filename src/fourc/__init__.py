"""fourc: the few changes that remove the most Kubernetes risk per hour of work."""

__version__ = "0.1.0"
