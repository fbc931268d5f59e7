"""YAML of lock files as plain data: the reader of manifests, whose limits hold against bombs, read for its values only."""

from fourc.collect.packages.decoding import malformed
from fourc.collect.packages.form import Given
from fourc.collect.packages.values import Table
from fourc.patch.yaml.errors import Limits, YamlError
from fourc.patch.yaml.reader import decode, load, split

_LIMITS = Limits(max_document_chars=64 * 1024 * 1024)


def yaml_of(given: Given, form: str) -> list[Table]:
    """Its documents that are mappings."""
    try:
        loaded = [load(document, _LIMITS) for document in split(decode(given.data), _LIMITS)]
    except YamlError as error:
        raise malformed(given, form, error.message) from error
    return [each for each in loaded if isinstance(each, dict)]
