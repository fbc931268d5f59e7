"""What a node's settings hold back, as each tool writes it."""

from fourc.collect.system.holds import held_names
from fourc.collect.system.tree import Files


def test_each_tool_writes_its_holds_in_its_own_way() -> None:
    files = {
        "etc/dnf/plugins/versionlock.list": b"# Added\nbash-0:5.1.8-6.el9.*\n!barred-0:1-1.*\nkernel-0:5.14.0-1.el9.x86_64\n",
        "etc/yum/pluginconf.d/versionlock.list": b"0:docker-ce-cli-20.10.7-3.el7.*\n",
        "etc/zypp/locks": b"\ntype: package\nmatch_type: glob\ncase_sensitive: on\nsolvable_name: vim-small\n",
        "etc/apk/world": b"alpine-base\nnginx=1.24.0-r1\nmusl<2\ncurl@edge\n",
    }
    assert held_names(Files(files)) == {"bash", "kernel", "docker-ce-cli", "vim-small", "nginx", "musl"}


def test_nothing_is_held_where_nothing_says_so() -> None:
    assert held_names(Files({"etc/apk/world": b"\0\xff\n", "etc/zypp/locks": b""})) == frozenset()
