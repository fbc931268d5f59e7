"""Hard-coded secrets in the plan: found in all files, told once, replaced by a change of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fourc.app.look import look
from fourc.app.plan import plan_for
from fourc.app.request import Request
from fourc.model.remedy import ChangeKind
from fourc.model.text import Lang
from fourc.report import as_json

KEY = "AKIA" + "Q3EGRIVX7TMFO2NP"
DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1
          env:
            - name: DB_PASSWORD
              value: Xk29vPq8mZr4tLw
"""


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


def test_a_secret_beside_the_manifests_is_a_change_of_the_plan(tmp_path: Path) -> None:
    (tmp_path / "web.yaml").write_text(DEPLOYMENT)
    (tmp_path / "settings.py").write_text(f'KEY = "{KEY}"\n')
    planned = plan_for(Request((str(tmp_path),), secrets=True))
    (change,) = [
        c
        for c in planned.plan.changes
        if c.kind is ChangeKind.MOVE_SECRETS and c.id.startswith("move-secrets-settings.py")
    ]
    (finding,) = [f for f in planned.seen.findings if f.rule == "aws-access-token"]
    assert change.findings == (finding.fingerprint,)
    assert change.risk_removed.likely > 0
    assert planned.drafts[change.id].by_hand == ()
    said = as_json.render(planned.report(edits=True), Lang.EN)
    assert f"fourc fix {change.id} --diff" in said
    assert KEY not in said


def test_what_no_edit_can_replace_is_told_to_a_person(tmp_path: Path) -> None:
    (tmp_path / "settings.py").write_text(f'print "{KEY}"\n')
    planned = plan_for(Request((str(tmp_path),), secrets=True))
    ((by_hand,),) = (draft.by_hand for draft in planned.drafts.values())
    assert 'os.environ["NAME"]' in by_hand.what.en


def test_many_secrets_in_a_file_are_more_work_than_one(tmp_path: Path) -> None:
    """Each has to be replaced where it is accepted; what is done for the file once is counted once."""
    passwords = ["vQ8mZr4tLw", "hT3kWp9xNd", "bY7cFs2gJq"]
    likely = []
    for number in (1, 2, 3):
        rows = (f"service_{place}_password = '{value}'\n" for place, value in enumerate(passwords[:number]))
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "web.yaml").write_text(DEPLOYMENT)
        (folder / "settings.py").write_text("".join(rows))
        plan = plan_for(Request((str(folder),), secrets=True)).plan
        (change,) = [c for c in plan.changes if c.id.startswith("move-secrets-settings.py")]
        assert len(set(change.findings)) == number
        likely.append(change.hours.likely)
    assert likely == pytest.approx([likely[0], likely[0] + 0.25, likely[0] + 0.5])


def test_what_a_check_of_a_manifest_says_is_not_said_again(tmp_path: Path) -> None:
    (tmp_path / "web.yaml").write_text(DEPLOYMENT)
    found = look(Request((str(tmp_path),), secrets=True)).findings
    assert [f.rule for f in found if f.layer.value == "code"] == ["credential-in-env"]


def test_without_being_asked_nothing_is_looked_for(tmp_path: Path) -> None:
    (tmp_path / "settings.py").write_text(f'KEY = "{KEY}"\n')
    assert look(Request((str(tmp_path),))).findings == ()


def test_an_archive_that_cannot_be_read_makes_no_plan_incomplete(tmp_path: Path) -> None:
    (tmp_path / "web.yaml").write_text(DEPLOYMENT)
    (tmp_path / "old.zip").write_bytes(b"PK\x03\x04 and then nothing")
    gaps = look(Request((str(tmp_path),), secrets=True)).gaps
    assert [(g.location.path, g.named) for g in gaps if g.location and g.location.path == "old.zip"] == [
        ("old.zip", False)
    ]
