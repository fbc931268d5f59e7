"""Where clients for SSH, FTP, git and chat keep passwords, some of them only encoded."""

from collections.abc import Iterator

from fourc.model.finding import Confidence, Severity
from fourc.secrets.files import flow_text, xml_text, yaml_text
from fourc.secrets.files.base64_text import decoded_text
from fourc.secrets.files.format import Format, keyed, matched, rule
from fourc.secrets.files.pairs_text import ASSIGNED, INI
from fourc.secrets.files.placeholder import is_placeholder
from fourc.secrets.hit import Hit
from fourc.secrets.rule import Kind

_FILEZILLA = rule("filezilla-password", "FileZilla")


def _filezilla(text: bytes) -> Iterator[Hit]:
    """https://wiki.filezilla-project.org: `<Pass encoding="base64">`; encrypted ones (`crypt`) are none."""
    encoding = ""
    for leaf in xml_text.leaves(text):
        if leaf.name == "encoding":
            encoding = leaf.value
        elif leaf.name.endswith(("Pass", "assword")):
            decoded = decoded_text(leaf.value) if encoding == "base64" else None
            if encoding != "crypt" and not is_placeholder(decoded or leaf.value):
                yield Hit(
                    _FILEZILLA.id,
                    leaf.start,
                    leaf.end,
                    decoded or leaf.value,
                    ("base64",) if decoded else (),
                    leaf.name,
                )
            encoding = ""


FORMATS: tuple[Format, ...] = (
    Format(("sitemanager.xml", "recentservers.xml", "filezilla*.xml", "*filezilla*/*.xml"), (_FILEZILLA,), _filezilla),
    # https://winscp.net/eng/docs/security_credentials: obscured, without a master password readable by everybody
    keyed(
        rule("winscp-password", "WinSCP", confidence=Confidence.MEDIUM),
        "winscp.ini winscp*.ini",
        INI,
        r"password(?:plain)?$",
        but=r"usemasterpassword",
    ),
    # Sublime SFTP, Atom remote-ftp, VS Code SFTP
    keyed(
        rule("sftp-config-password", "SFTP client"),
        "sftp-config.json sftp-config-alt*.json .ftpconfig sftp.json .remote-sync.json .ftppass ftpsync.settings "
        ".ftp-deploy-sync* "
        "ftp-sync.json ftpconfig.json deploy-config.json .ftpquota .git-ftp-config .remote-sftp.json",
        flow_text.leaves,
        r"(?:^|\.)(?:password|passphrase|pass|ssh_key_passphrase|private_?key_?passphrase)$",
    ),
    # https://lftp.yar.ru/lftp-man.html: ~/.local/share/lftp/bookmarks
    matched(
        rule("lftp-bookmark-password", "lftp bookmark"),
        "*/lftp/bookmarks */.lftp/bookmarks .lftprc lftp.conf",
        r"\b(?:s?ftps?|https?|fish)://[^\s:@/]+:(?P<secret>[^\s@/]+)@",
        r"^\s*open\s+(?:-\w\s+)*-u\s+[^\s,]+,(?P<secret>\S+)",
    ),
    # https://www.jetbrains.com/help/webstorm/deploying-applications.html: obscured
    keyed(
        rule("ide-deployment-password", "IDE deployment", confidence=Confidence.MEDIUM),
        "webservers.xml deployment.xml sshconfigs.xml",
        xml_text.leaves,
        r"\.(?:password|passphrase)$",
    ),
    # mRemoteNG, Remmina, RDCMan, SecureCRT, MobaXterm, Xshell: encrypted or obscured with a key of the program
    keyed(
        rule("remote-desktop-password", "remote desktop client", confidence=Confidence.MEDIUM),
        "confcons.xml confcons*.xml *.rdg *.remmina *.rdp mobaxterm.ini *.xsh *.xfp *.vnc",
        lambda text: xml_text.leaves(text) if text.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<") else INI(text),
        r"(?:^|\.)(?:password|passphrase|ssh_tunnel_password|ssh_password|logoncredentials\.password|password 51)$",
    ),
    # https://git-scm.com/docs/git-credential-store#_storage_format
    matched(
        rule("git-credentials", "git", Kind.CREDENTIAL),
        ".git-credentials git-credentials *.git-credentials */git/credentials",
        r"^(?:\xef\xbb\xbf)?[a-z][a-z+]*://(?P<key>[^\s:@/]*):(?P<secret>[^\s@/]+)@",
        r"^(?:\xef\xbb\xbf)?https?://(?P<secret>[^\s:@/]{16,})@",
    ),
    # https://git-scm.com/docs/git-config#Documentation/git-config.txt-httpextraHeader
    matched(
        rule("git-config-credential", "git", Kind.CREDENTIAL),
        ".gitconfig gitconfig */.git/config .gitmodules */.git/modules/* *.gitconfig */git/config config.worktree",
        r"\bhttps?://[^\s:@/\"]*:(?P<secret>[^\s@/\"]+)@",
        r"\bhttps?://(?P<secret>[^\s:@/\"]{16,})@",
        r"(?i)\b(?P<key>extraheader)\s*=\s*\"?(?:authorization:\s*)?(?:basic|bearer|token)\s+(?P<secret>[^\s\"]+)",
        r"(?i)^\s*(?P<key>\w*(?:token|password|smtppass|apikey))\s*=\s*\"?(?P<secret>[^\s\"]+)",
    ),
    matched(
        rule("hgrc-password", "Mercurial"),
        ".hgrc hgrc mercurial.ini",
        r"^\s*(?P<key>[\w.-]+\.password)\s*=\s*(?P<secret>[^\r\n]+)",
        r"\bhttps?://[^\s:@/\"]+:(?P<secret>[^\s@/\"]+)@",
    ),
    # https://svn.apache.org/repos/asf/subversion: ~/.subversion/auth/svn.simple, and conf/passwd of svnserve
    matched(
        rule("svn-password", "Subversion"),
        "*/svn.simple/* */auth/svn.simple/*",
        r"^K 8\r?\n(?P<key>password)\r?\nV \d+\r?\n(?P<secret>[^\r\n]+)",
    ),
    keyed(rule("svnserve-password", "Subversion"), "*/conf/passwd */svnserve/passwd", INI, r"^users\."),
    # Readable with `key4.db` beside it unless a primary password is set: https://support.mozilla.org/kb/recovering-important-data
    keyed(
        rule("firefox-login", "Firefox", confidence=Confidence.MEDIUM),
        "logins.json",
        flow_text.leaves,
        r"encryptedpassword$",
    ),
    # Chat clients
    keyed(
        rule("chat-client-password", "chat client"),
        "*/irssi/config */.irssi/config irc.conf sec.conf hexchat.conf servlist.conf accounts.xml */.purple/accounts.xml",
        lambda text: xml_text.leaves(text) if text.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<") else ASSIGNED(text),
        r"(?:password|passphrase|sasl_password|autosendcmd)$",
    ),
    keyed(
        rule("vscode-settings-secret", "editor settings", Kind.CREDENTIAL, generic=True),
        "*/.vscode/*.json *.sublime-settings *.code-workspace",
        flow_text.leaves,
    ),
    keyed(
        rule("insomnia-postman-secret", "API client", Kind.CREDENTIAL, Severity.MEDIUM, generic=True),
        "*postman*.json insomnia*.json *.postman_environment.json",
        flow_text.leaves,
    ),
    keyed(
        rule("rest-client-secret", "API client", Kind.CREDENTIAL, generic=True),
        "http-client.private.env.json http-client.env.json",
        flow_text.leaves,
    ),
    keyed(
        rule("tunnel-credential", "tunnel client", Kind.CREDENTIAL),
        "frpc.ini frps.ini frpc.toml frps.toml frpc*.ini frps*.ini frp*.toml",
        INI,
        r"(?:token|password|passwd|pwd|sk|secretkey|http_pwd)$",
    ),
    keyed(
        rule("proxy-client-password", "proxy client", severity=Severity.MEDIUM),
        "clash*.yaml clash*.yml shadowsocks*.json ss-*.json */shadowsocks*/*.json v2ray*.json",
        lambda text: (
            flow_text.leaves(text) if text.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{") else yaml_text.leaves(text)
        ),
        r"(?:password|secret|uuid|\.id)$",
    ),
)
