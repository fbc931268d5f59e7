"""The register: every format whose packages fourc reads, and which of them a file has by its path."""

import re
from functools import cache

from fourc.collect.packages import (
    bun,
    conda,
    go_binary,
    golang,
    npm,
    package_json,
    php,
    pnpm,
    python_installed,
    python_locks,
    python_project,
    requirements,
    ruby,
    rust,
    yarn,
)
from fourc.collect.packages.form import Form

FORMS: tuple[Form, ...] = (
    *npm.FORMS,
    *yarn.FORMS,
    *pnpm.FORMS,
    *bun.FORMS,
    *package_json.FORMS,
    *python_locks.FORMS,
    *python_project.FORMS,
    *requirements.FORMS,
    *python_installed.FORMS,
    *conda.FORMS,
    *ruby.FORMS,
    *php.FORMS,
    *rust.FORMS,
    *golang.FORMS,
    *go_binary.FORMS,
)


def forms_of(path: str, *, installed: bool = False) -> tuple[Form, ...]:
    """The formats that the file at `path` (with `/`) has by its name.

    With `installed` what images and installations hold, else what a checkout holds; lock files count in both.
    """
    by_name, endings, patterns = _index(installed=installed)
    name = path.rpartition("/")[2]
    forms = list(by_name.get(name, ()))
    if path.endswith(tuple(endings)):
        forms += [form for ending, form in endings.items() if path.endswith(ending)]
    if patterns is not None and (match := patterns.search(path)) is not None:
        forms += [form for form in FORMS if form.id.replace("-", "_") == match.lastgroup]
    return tuple(dict.fromkeys(forms))


def forms_of_head(head: bytes) -> tuple[Form, ...]:
    """The formats of binaries that begin like this."""
    return tuple(form for form in FORMS if form.head and head.startswith(form.head))


@cache
def _index(*, installed: bool) -> tuple[dict[str, tuple[Form, ...]], dict[str, Form], re.Pattern[str] | None]:
    """The formats by whole name and by ending, and all patterns in one, each a group with the id of its format."""
    asked = [form for form in FORMS if installed or not form.installed]
    names = {name for form in asked for name in form.names}
    by_name = {name: tuple(form for form in asked if name in form.names) for name in names}
    endings = {ending: form for form in asked for ending in form.endings}
    patterns = [f"(?P<{form.id.replace('-', '_')}>{form.pattern})" for form in asked if form.pattern]
    return by_name, endings, re.compile("|".join(patterns)) if patterns else None
