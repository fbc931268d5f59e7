"""What else a pod can have wrong in it, in CEL: mounts, capabilities that take over the node, images, accounts."""

from collections.abc import Iterator

from fourc.checks.container.host_takeover_capability import TAKEOVER_GRADES
from fourc.checks.container.mutable_image_tag import MOVING
from fourc.checks.container.unsafe_sub_path import FIXED_KINDS
from fourc.enforce.export import Fit
from fourc.enforce.expressions.rule import Rule, each, quoted, unless, whole, words
from fourc.model.text import Text
from fourc.model.version import KubeVersion

_DEFAULT_ACCOUNT = Text(
    "refuses the default account also where that account itself says automountServiceAccountToken: false, which stands in "
    "another object; say it in the pod",
    "即使默认服务账号自己写了 automountServiceAccountToken: false（那是另一个对象），也会拒绝；请在 Pod 中写明",
)
_NORMAL_PATHS = Text(
    "compares subPath as it is written: `./a`, `a//b` and `a/` are not recognised as `a` and `a/b`",
    "subPath 按原文比较：不会把 `./a`、`a//b`、`a/` 认作 `a`、`a/b`",
)


def rules(version: KubeVersion) -> Iterator[Rule]:
    """The rules for one minor."""
    yield Rule(
        "mount-propagation-bidirectional",
        each("c.?volumeMounts.orValue([]).all(m, m.?mountPropagation.orValue('None') != 'Bidirectional')"),
        Text(
            "a container must not change what is mounted on its node: remove mountPropagation: Bidirectional",
            "容器不得改变节点上的挂载：请删除 mountPropagation: Bidirectional",
        ),
    )
    yield _takeover()
    yield _image()
    yield Rule(
        "writable-root-filesystem",
        unless("variables.windows", each("c.?securityContext.?readOnlyRootFilesystem.orValue(false)", ephemeral=False)),
        Text(
            "a container must not be able to rewrite its own program: set securityContext.readOnlyRootFilesystem to true and "
            "mount an emptyDir where it writes",
            "容器不得改写自己的程序：请把 securityContext.readOnlyRootFilesystem 设为 true，并在需要写入的位置挂载 emptyDir",
        ),
    )
    yield Rule(
        "default-service-account",
        whole(
            "!variables.pod.?automountServiceAccountToken.orValue(true) || "
            "!(variables.pod.?serviceAccountName.orValue('') in ['', 'default'] && "
            "variables.pod.?serviceAccount.orValue('') in ['', 'default'])"
        ),
        Text(
            "a pod must not use the default service account: set serviceAccountName to an account of its own, or "
            "automountServiceAccountToken to false",
            "Pod 不得使用默认服务账号：请把 serviceAccountName 设为它自己的账号，或把 automountServiceAccountToken 设为 false",
        ),
        fit=Fit.STRICTER,
        how=_DEFAULT_ACCOUNT,
    )
    yield _sub_path(version)


def _takeover() -> Rule:
    always = words(tuple(f"{prefix}{name}" for name in TAKEOVER_GRADES for prefix in ("", "CAP_")))
    return Rule(
        "host-takeover-capability",
        unless(
            "variables.ownUsers",
            each(
                "c.?securityContext.?capabilities.?add.orValue([]).all(a, "
                f"!(a.upperAscii() in {always}) && "
                "!(variables.pod.?hostPID.orValue(false) && a.upperAscii() in ['SYS_PTRACE', 'CAP_SYS_PTRACE']) && "
                "!(variables.hostNetwork && a.upperAscii() in ['NET_ADMIN', 'CAP_NET_ADMIN']))"
            ),
        ),
        Text(
            "a container must not hold a right over the kernel that takes over its node: take it out of "
            "securityContext.capabilities.add",
            "容器不得拥有足以接管节点的内核权限：请从 securityContext.capabilities.add 中删除",
        ),
    )


def _image() -> Rule:
    moving = f"(?i)(^|/)[^/:]*(:({'|'.join(sorted(MOVING))})?)?$"
    return Rule(
        "mutable-image-tag",
        each(
            "c.?image.orValue('') == '' || c.?image.orValue('').contains('@') || "
            f"!c.?image.orValue('').matches({quoted(moving)})",
            ephemeral=False,
        ),
        Text(
            "an image must name its version: write a tag that does not move (not `latest`) or a digest",
            "镜像必须写明版本：请使用不会变动的标签（不要用 `latest`）或摘要",
        ),
    )


def _sub_path(version: KubeVersion) -> Rule:
    fixed = " || ".join(
        f"has(v.{kind})" for kind in sorted(FIXED_KINDS if version.minor >= 31 else FIXED_KINDS - {"image"})
    )
    above = (
        "o.?subPath.orValue('') in ['', '.'] || "
        "(m.?subPath.orValue('') != '' && m.?subPath.orValue('').startsWith(o.?subPath.orValue('') + '/'))"
    )
    writes = (
        "d.name != c.name && d.?image.orValue('') != c.?image.orValue('') && "
        "d.?volumeMounts.orValue([]).exists(o, o.name == m.name && !o.?readOnly.orValue(false) && "
        f"o.?subPathExpr.orValue('') == '' && ({above}))"
    )
    others = (
        f"variables.containers.exists(d, {writes}) || "
        f"variables.initContainers.exists(d, d.?restartPolicy.orValue('') == 'Always' && {writes})"
    )
    # asked first, because comparing every mount with every other is dear: who could swap a folder at all?
    root = (
        "d.?volumeMounts.orValue([]).exists(o, o.name == v.name && !o.?readOnly.orValue(false) && "
        "o.?subPathExpr.orValue('') == '' && o.?subPath.orValue('') in ['', '.'])"
    )
    written = (
        f"variables.volumes.filter(v, variables.containers.exists(d, {root}) || "
        f"variables.initContainers.exists(d, d.?restartPolicy.orValue('') == 'Always' && {root})).map(v, v.name)"
    )
    return Rule(
        "unsafe-sub-path",
        each(
            "c.?volumeMounts.orValue([]).all(m, "
            "(m.?subPath.orValue('') == '' && m.?subPathExpr.orValue('') == '') || "
            "!(m.name in variables.rootWritten || m.?subPath.orValue('').contains('/')) || "
            f"variables.volumes.exists(v, v.name == m.name && ({fixed})) || !({others}))"
        ),
        Text(
            "a container must not mount, by subPath, a folder that another container can swap: set readOnly: true on the "
            "mount of the other container, or give it a subPath of its own",
            "容器不得用 subPath 挂载另一个容器能替换的目录：请给另一个容器的挂载加上 readOnly: true，或让它用自己的 subPath",
        ),
        fit=Fit.NARROWER,
        how=_NORMAL_PATHS,
        own_variables=(("rootWritten", written),),
    )
