"""Lock files, manifests and binaries: which packages they hold."""
