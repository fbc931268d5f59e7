"""What was piped in is mended by commands: new objects first, then the patches that may refer to them."""

import json
import re
import subprocess

from fourc.app.look import look
from fourc.app.request import Request
from fourc.fix.rewrite import propose
from fourc.model.remedy import Remedy

DUMP = b"""
apiVersion: v1
kind: List
items:
  - apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web, namespace: shop}
    spec:
      replicas: 3
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec:
          hostPID: true
          containers: [{name: web, image: "registry.example.com/it's:1", ports: [{containerPort: 80}]}]
  - apiVersion: v1
    kind: Service
    metadata: {name: web, namespace: shop}
    spec: {selector: {app: web}, ports: [{port: 80}]}
"""


def test_every_finding_with_a_fix_is_part_of_a_command() -> None:
    seen = look(Request(stdin=DUMP))
    commands = propose(seen.findings, seen.read).patches
    kinds = [re.findall(r"^kind: (\w+)", c, re.MULTILINE) for c in commands if c.startswith("kubectl apply")]
    assert ["NetworkPolicy"] in kinds
    starts = [c.partition(" -")[0].partition(" web")[0] for c in commands]
    assert starts == sorted(starts)  # apply, then patch
    for finding in seen.findings:
        alone = propose([finding], seen.read)
        assert bool(alone.patches) == isinstance(finding.fix, Remedy), finding.rule


def test_the_commands_are_words_that_a_shell_reads_as_they_are_meant() -> None:
    seen = look(Request(stdin=DUMP))
    for command in propose(seen.findings, seen.read).patches:
        script = "kubectl() { printf '%s\\n' \"$@\"; cat; }\n" + command
        done = subprocess.run(["sh", "-c", script], input="", capture_output=True, text=True, check=True).stdout
        if command.startswith("kubectl patch"):
            assert isinstance(json.loads(done.splitlines()[-1]), dict)
        else:
            assert done.splitlines()[3].startswith("apiVersion: ")
