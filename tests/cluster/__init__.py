"""A real API server for tests: etcd and kube-apiserver on loopback, in two Kubernetes versions.

    def test_the_server_says_so(cluster: Cluster) -> None:           # once for each version
        namespace = cluster.namespace({"pod-security.kubernetes.io/enforce": "baseline"})
        answer = cluster.create(pod, namespace)                      # a dry run
        assert answer.accepted, answer.message

`cluster` runs a test with each version, `newest_cluster` with the newest alone, `lone_cluster` has one for the tests of one
file, which ask about the cluster as a whole. A server takes four seconds to start, and is
shared by all tests and all processes of one run of pytest: make a namespace of your own, bind what holds for the whole cluster
(policies, roles) to that namespace, and delete it again. Nothing but the two programs runs: no controller, no kubelet, so
pods never start, a Deployment makes no pods, and a deleted namespace is finalized by `delete_namespace`.

The admission plug-ins are those of a real cluster. ServiceAccount is among them, because it adds a volume to pods that Pod
Security judges too; hence `namespace` makes the account `default`, as a controller would.

Where neither KUBEBUILDER_ASSETS (a folder with both programs) nor Go is there, these tests are skipped and say so; with CI=true
or FOURC_REQUIRE_CLUSTER=1 they fail instead. `make cluster` builds both versions ahead (`binaries`).
"""
