"""What to do about a secret that stands in a repository, in the order that counts: replace, move, forget."""

import posixpath
from collections.abc import Mapping

from fourc.model.text import Text, same
from fourc.patch.reads import READS
from fourc.secrets.providers import advice_for
from fourc.secrets.rule import Rule

_READS: Mapping[str, str] = {
    **READS,
    ".jsx": READS[".js"],
    ".tsx": READS[".ts"],
    ".rs": 'std::env::var("NAME")',
    ".sh": '"$NAME"',
    ".properties": "${NAME}",
}
"""Also of files that are not edited."""
_PIPELINES = (".gitlab-ci.yml", ".travis.yml", "bitbucket-pipelines.yml", "Jenkinsfile", "azure-pipelines.yml")
_CI = Text(
    "keep the new one as a masked variable of the pipeline and name only that variable in {path}",
    "把新的保存为流水线的掩码变量，{path} 中只写该变量名",
)
_FILE = Text(
    "keep the new one out of git: `git rm --cached {path}` and a line `{path}` in .gitignore; in the cluster make it a Secret"
    " (`kubectl create secret generic NAME --from-file={path}`) that the pod mounts as a file",
    "新的不要放进 git：`git rm --cached {path}`，并在 .gitignore 中加一行 `{path}`；在集群中建成 Secret"
    "（`kubectl create secret generic NAME --from-file={path}`），由 Pod 以文件形式挂载",
)
_MANIFEST = Text(
    "make the Secret in the cluster instead (`kubectl create secret generic NAME --from-literal=KEY=NEW`, or External Secrets)"
    " and let the pod mount it as a file; take the value out of {path}",
    "改为在集群中创建 Secret（`kubectl create secret generic NAME --from-literal=KEY=新值`，或使用 External Secrets），"
    "由 Pod 以文件形式挂载；把该值从 {path} 中删除",
)
_CODE = Text(
    "put the new one into a Secret and read it where it is used: in {path} write {reads} instead",
    "把新的放进 Secret，在使用处读取：在 {path} 中改写为 {reads}",
)
_PIPED = Text(
    "put the new one into a Secret that the pod mounts as a file, and write a reference to it into the text instead",
    "把新的放进 Secret，由 Pod 以文件形式挂载，在该文本中改写为对它的引用",
)
_OTHER = Text(
    "put the new one into a Secret that the pod mounts as a file, and write a reference to it into {path} instead",
    "把新的放进 Secret，由 Pod 以文件形式挂载，在 {path} 中改写为对它的引用",
)
FORGET = Text(
    "only when the old one is worth nothing, take it out of the history: write it alone into old.txt outside the repository,"
    " `git filter-repo --sensitive-data-removal --replace-text ../old.txt`, `git push --force --mirror`, and all clone anew",
    "只有在旧值失效之后，再从历史中删除：把它单独写入仓库之外的 old.txt，"
    "运行 `git filter-repo --sensitive-data-removal --replace-text ../old.txt`、`git push --force --mirror`，并让所有人重新克隆",
)
"""The last step: it can wait, and is of no use before the others."""

_CREDENTIAL_FILES = (
    ".env",
    ".pem",
    ".key",
    ".p12",
    ".pfx",
    ".jks",
    ".netrc",
    ".pgpass",
    ".npmrc",
    ".pypirc",
    ".htpasswd",
)


def steps_for(rule: Rule, path: str) -> Text:
    """How it is replaced, and what to write into the file at `path` then; `FORGET` comes after it."""
    return Text("{first} Then {kept}.", "{first}然后{kept}。").of(first=advice_for(rule).text, kept=_kept(path))


def steps_for_gone(rule: Rule) -> Text:
    """What to do where only the history holds it still."""
    said = Text(
        "{first} No file here holds it any more. Last, {forget}.", "{first}这里的文件中已没有它。最后，{forget}。"
    )
    return said.of(first=advice_for(rule).text, forget=FORGET)


def _kept(path: str) -> Text:
    """Where the new one belongs, by the file that the old one stands in."""
    name = posixpath.basename(path.partition("!")[0])
    ending = posixpath.splitext(name)[1].lower()
    if name in _PIPELINES or path.startswith((".github/", ".gitlab/", ".circleci/", ".buildkite/")):
        return _CI.of(path=path)
    if name.startswith((".env", "id_")) or ending in _CREDENTIAL_FILES or name in _CREDENTIAL_FILES:
        return _FILE.of(path=path)
    if ending in _READS:
        return _CODE.of(path=path, reads=same(_READS[ending]))
    if ending in {".yaml", ".yml", ".json"}:
        return _MANIFEST.of(path=path)
    return _PIPED if path == "-" else _OTHER.of(path=path)
