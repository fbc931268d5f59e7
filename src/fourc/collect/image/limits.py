"""How much of an image is read."""

from msgspec import Struct

from fourc.collect.limits import MIB

GIB = 1024 * MIB


class Limits(Struct, frozen=True):
    """Past a limit the image is refused, or what is left out is a gap.

    manifest_bytes: one manifest or index (registries take 4 MiB). config_bytes: the image's configuration.
    layers: of one image (overlay file systems mount 500 at most). index_depth: indexes in indexes. members: of an archive.
    unpacked_bytes: all layers, unpacked. ratio, free_bytes: the same as a multiple of their packed size, but `free_bytes`
    always; real layers shrink to a fifth. entries, name_bytes: files, folders and links of all layers and their names.
    path_bytes, path_parts: one path. steps: of following folders that become something else, and links, through all
    layers. header_bytes: a tar's extended header of one entry (Go's reader takes as much).
    file_bytes: one wanted file. kept_bytes: all that is kept of wanted files. gaps: told one by one.
    """

    manifest_bytes: int = 4 * MIB
    config_bytes: int = 16 * MIB
    layers: int = 1_000
    index_depth: int = 4
    members: int = 20_000
    unpacked_bytes: int = 100 * GIB
    ratio: int = 100
    free_bytes: int = GIB
    entries: int = 750_000
    name_bytes: int = 96 * MIB
    path_bytes: int = 4096
    path_parts: int = 200
    steps: int = 20_000_000
    header_bytes: int = MIB
    file_bytes: int = 256 * MIB
    kept_bytes: int = 256 * MIB
    gaps: int = 50


LIMITS = Limits()
