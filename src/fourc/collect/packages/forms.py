"""Every format of packages that can be read, by the names of its files."""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from fourc.collect import packages
from fourc.collect.packages.form import Form


@cache
def all_forms() -> tuple[Form, ...]:
    """The rows of every module of this package, sorted by id."""
    found = (form for module in iter_modules(packages.__path__) for form in _forms(module.name))
    return tuple(sorted(found, key=lambda form: form.id))


def _forms(module: str) -> tuple[Form, ...]:
    forms: tuple[Form, ...] = getattr(import_module(f"{packages.__name__}.{module}"), "FORMS", ())
    return forms


class Forms:
    """Which form reads a file, asked once for each file of a folder or an image."""

    def __init__(self, *, installed: bool) -> None:
        forms = [form for form in all_forms() if installed or not form.installed]
        self._by_name = {name: form for form in forms for name in form.names}
        self._by_ending = tuple((ending, form) for form in forms for ending in form.endings)
        self._endings = tuple(ending for ending, _ in self._by_ending)
        self._heads = tuple((head, form) for form in forms for head in form.head)
        self.by_id = {form.id: form for form in forms}

    def of(self, path: str) -> Form | None:
        """The form of the file by its name; of several endings the longest tells."""
        name = path.rpartition("/")[2]
        form = self._by_name.get(name)
        if form is not None or not f"/{path}".endswith(self._endings):
            return form
        fitting = [pair for pair in self._by_ending if f"/{path}".endswith(pair[0])]
        return max(fitting, key=lambda pair: len(pair[0]))[1]

    def of_head(self, data: bytes) -> Iterator[Form]:
        """The forms of binaries that begin like this."""
        yield from (form for head, form in self._heads if data.startswith(head))
