"""An empty folder in the place of a folder or socket of the node: one remedy for every finding about the volume."""

import posixpath
import re
from collections.abc import Iterator

from fourc.checks.host_paths import is_runtime_socket, normal
from fourc.fix.recipes import DECISION, remedy
from fourc.model.kubernetes.pod import Container, Volume, VolumeMount, Workload
from fourc.model.remedy import Remedy
from fourc.model.text import Text
from fourc.patch.yaml.operations import Set

_STOPS = Text(
    "this surely stops {container}: its {where} names the socket {path}, and an empty folder answers no calls. First give "
    "the program another way to work (images: BuildKit without root), or keep the socket on purpose",
    "这样修改一定会让 {container} 停止工作：它的{where}写明了套接字 {path}，而空目录不会应答。"
    "请先让程序改用别的方式（构建镜像：无 root 的 BuildKit），或明确决定保留该套接字",
)
_VARIABLE = Text("variable {name}", "变量 {name} ")
_FIELDS = {"command": Text("command", "启动命令"), "args": Text("arguments", "启动参数")}
_PATHS = re.compile(r"(?:/+[\w.+-]+)+")


def empty_folder(workload: Workload, volume: Volume) -> Remedy:
    """The volume as an `emptyDir`; a decision where a container is told to call a runtime's socket in it."""
    empty = Set(volume.path, {"name": volume.name, "emptyDir": {}})
    for container, mount in workload.pod.mounters(volume.name):
        if said := _stops(volume, container, mount):
            return remedy("empty-node-folder", workload.meta.ref, empty, caution=said, fix_class=DECISION)
    return remedy("empty-node-folder", workload.meta.ref, empty)


def _stops(volume: Volume, container: Container, mount: VolumeMount) -> Text | None:
    """What to say where the container is told by a variable, its command or arguments to call a socket in the volume."""
    inside = normal(mount.mount_path)
    for where, text in _told(container):
        for match in _PATHS.finditer(text):
            path = normal(match[0])
            below = path.removeprefix(inside.rstrip("/"))
            if (
                below != path
                and below[:1] in ("", "/")
                and is_runtime_socket(posixpath.join(volume.host_path, mount.sub_path) + below)
            ):
                shown = f"/{match[0].lstrip('/')}"
                return _STOPS.of(container=container.name, where=where, path=shown)
    return None


def _told(container: Container) -> Iterator[tuple[Text, str]]:
    """What the manifest says to the program, each with the word for its place."""
    yield from ((_VARIABLE.of(name=v.name), v.value) for v in container.env if v.value)
    yield from ((_FIELDS["command"], text) for text in container.command)
    yield from ((_FIELDS["args"], text) for text in container.args)
