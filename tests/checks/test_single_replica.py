"""What the fix of a single replica says: a question where two may do, a reason where two do harm."""

import pytest

from fourc.checks.api import Judge
from fourc.checks.cluster.single_replica import single_replica
from fourc.collect.manifests.collect import collect_stdin
from fourc.model.remedy import NoFix, Remedy
from fourc.model.text import Text

MANIFEST = """
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}}}
spec:
  template:
    metadata: {{labels: {{app: it}}}}
    spec:
      containers: [{{name: main, image: {image}}}]
---
apiVersion: v1
kind: Service
metadata: {{name: it}}
spec: {{selector: {{app: it}}, ports: [{{port: 80}}]}}
"""


def fix_of(name: str, image: str) -> Remedy | NoFix:
    (found,) = single_replica.run(Judge(collect_stdin(MANIFEST.format(name=name, image=image).encode()).inventory))
    return found.fix


def test_a_second_copy_comes_with_the_question_whether_two_may_run() -> None:
    fix = fix_of("web", "registry.example.com/web:1")
    assert isinstance(fix, Remedy)
    assert fix.caution is not None
    assert "may two copies of web run at once?" in fix.caution.en
    assert "web 能同时运行两份吗？" in fix.caution.zh


@pytest.mark.parametrize(
    ("name", "image", "word"),
    [
        ("ksm", "registry.k8s.io/kube-state-metrics/kube-state-metrics:v2", "kube-state-metrics"),
        ("shop-controller", "registry.example.com/shop:1", "controller"),
        ("it", "registry.example.com/team/Task-Scheduler@sha256:00", "scheduler"),
        ("order-cron", "registry.example.com/orders:1", "cron"),
        ("numbers", "registry.example.com:5000/mysqld_exporter", "exporter"),
    ],
)
def test_what_works_once_is_left_alone_with_the_word_as_reason(name: str, image: str, word: str) -> None:
    fix = fix_of(name, image)
    assert isinstance(fix, NoFix)
    said: Text = fix.why
    assert f"the word {word}," in said.en
    assert f"从 {word} 一词看" in said.zh
