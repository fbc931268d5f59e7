"""What is said about where the new secret belongs."""

import pytest

from fourc.model.text import Lang
from fourc.secrets.replacing import steps_for
from fourc.secrets.rule import Kind, Rule, Token

RULE = Rule("aws-access-token", "AWS", Kind.API_KEY, Token("x", ()))


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("app/settings.py", 'write os.environ["NAME"] instead'),
        ("src/main/java/A.java", 'write System.getenv("NAME") instead'),
        ("config/application.properties", "write ${NAME} instead"),
        (".gitlab-ci.yml", "a masked variable of the pipeline"),
        (".github/workflows/build.yml", "a masked variable of the pipeline"),
        ("deploy/.env.production", "`git rm --cached deploy/.env.production`"),
        ("keys/server.pem", "--from-file=keys/server.pem"),
        ("deploy/secret.yaml", "make the Secret in the cluster instead"),
        ("notes.txt", "a Secret that the pod mounts as a file"),
        ("libs/app.jar!config/db.properties", "a Secret that the pod mounts as a file"),
    ],
)
def test_the_new_one_belongs_where_the_file_says(path: str, words: str) -> None:
    said = steps_for(RULE, path).say(Lang.EN)
    assert said.startswith("First make a new one at AWS (https://")
    assert words in said


def test_both_languages_name_the_file() -> None:
    assert all("deploy/secret.yaml" in steps_for(RULE, "deploy/secret.yaml").say(lang) for lang in Lang)
