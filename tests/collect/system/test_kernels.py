"""Which kernel runs and which are installed, as the files below a root tell."""

from pathlib import Path

from tests.collect.system.test_rooted import below

from fourc.collect.system.kernels import Kernels, read_kernels


def put(root: Path, path: str, text: str = "") -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)


def kernels(root: Path) -> Kernels:
    with below(root) as tree:
        return read_kernels(tree)


def test_a_debian_node_tells_its_kernel_its_build_and_what_asks_for_a_reboot(tmp_path: Path) -> None:
    put(tmp_path, "proc/sys/kernel/osrelease", "6.1.0-18-amd64\n")
    version = "Linux version 6.1.0-18-amd64 (x@y) (gcc-12) #1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01)\n"
    put(tmp_path, "proc/version", version)
    put(tmp_path, "boot/vmlinuz-6.1.0-18-amd64")
    put(tmp_path, "boot/vmlinuz-6.1.0-37-amd64")
    put(tmp_path, "boot/vmlinuz-0-rescue-0123456789abcdef")
    put(tmp_path, "lib/modules/6.1.0-9-amd64/modules.dep")  # left over
    put(tmp_path, "run/reboot-required", "*** System restart required ***\n")
    put(tmp_path, "run/reboot-required.pkgs", "linux-base\nlibc6\nlinux-base\n")
    assert kernels(tmp_path) == Kernels(
        "6.1.0-18-amd64", "6.1.76-1", ("6.1.0-18-amd64", "6.1.0-37-amd64"), asked=True, asked_by=("libc6", "linux-base")
    )


def test_kernels_of_rpm_and_apk_are_known_by_what_lies_beside_their_modules(tmp_path: Path) -> None:
    put(tmp_path, "usr/lib/modules/5.14.0-427.el9.x86_64/vmlinuz")
    put(tmp_path, "usr/lib/modules/6.6.31-0-lts/kernel-suffix")
    put(tmp_path, "usr/lib/modules/5.14.0-1.el9.x86_64/extra.ko")
    (tmp_path / "lib").symlink_to("usr/lib")
    assert kernels(tmp_path).installed == ("5.14.0-427.el9.x86_64", "6.6.31-0-lts")


def test_the_link_to_run_is_followed_inside_the_root(tmp_path: Path) -> None:
    put(tmp_path, "run/reboot-required")
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "run").symlink_to("/run")
    assert kernels(tmp_path).asked


def test_a_root_without_any_of_it_tells_nothing(tmp_path: Path) -> None:
    put(tmp_path, "proc/version", "\0\xff nothing")
    assert kernels(tmp_path) == Kernels()
