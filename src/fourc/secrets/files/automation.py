"""Credentials in what runs by itself: CI pipelines, compose files, Ansible, Jenkins, manifests' environment variables."""

from collections.abc import Iterator

from fourc.model.finding import Confidence, Severity
from fourc.secrets.files import xml_text, yaml_text
from fourc.secrets.files.format import Format, keyed, matched, rule
from fourc.secrets.files.leaf import Leaf
from fourc.secrets.late import late
from fourc.secrets.rule import Kind

_VARIABLE = late(r"(?:export[ ]+|--?)?([A-Za-z_][\w.-]*)=(?=\S)")


def settings(text: bytes) -> Iterator[Leaf]:
    """YAML's values, where a list may hold variables as `NAME=value` or as `name: NAME` with `value: value` beside it."""
    named: tuple[tuple[str, ...], str] = ((), "")
    for leaf in yaml_text.leaves(text):
        last = leaf.path[-1]
        if last in {"name", "key"}:
            named = (leaf.path[:-1], leaf.value)
        if last == "value" and named[0] == leaf.path[:-1]:
            yield Leaf((*named[0], named[1]), leaf.start, leaf.end, leaf.value)
        elif last == "value":  # `NAME: {value: …, description: …}`
            yield Leaf(leaf.path[:-1], leaf.start, leaf.end, leaf.value)
        elif (
            (last.isdecimal() or last == "env") and (variable := _VARIABLE.match(leaf.value)) and "\n" not in leaf.value
        ):
            start = leaf.start + text[leaf.start : leaf.end].find(b"=") + 1
            value = leaf.value[variable.end() :]
            quote = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
            yield Leaf((*leaf.path, variable[1]), start + quote, leaf.end - quote, value[1:-1] if quote else value)
        else:
            yield leaf


FORMATS: tuple[Format, ...] = (
    # Variables in plain text of GitLab CI, Travis CI, CircleCI, GitHub Actions, Bitbucket, Azure Pipelines, Drone and others
    keyed(
        rule("ci-variable-secret", "CI variable", Kind.CREDENTIAL, generic=True),
        ".gitlab-ci.yml *.gitlab-ci.yml .travis.yml */.circleci/config.yml */.github/workflows/*.yml */.github/workflows/*.yaml "
        "bitbucket-pipelines.yml azure-pipelines*.yml .drone.yml drone.yml appveyor.yml .appveyor.yml cloudbuild.yaml "
        "buildspec.yml "
        ".woodpecker.yml wercker.yml codeship-services.yml .buildkite/*.yml */.buildkite/*.yml jenkins.yaml jenkins-casc.yaml",
        settings,
        but=r"\.permissions\.|\.secure$|\.secrets\.[^.]+$|\.with\.(?:cache|restore)-?key|\.cache\.",
    ),
    # https://docs.docker.com/reference/compose-file/services/#environment
    keyed(
        rule("compose-secret", "Compose file", Kind.CREDENTIAL, generic=True),
        "docker-compose*.yml docker-compose*.yaml compose*.yml compose*.yaml docker-stack*.yml stack.yml "
        "podman-compose*.yml serverless.yml "
        "docker-cloud.yml render.yaml app.yaml fly.toml",
        settings,
        but=r"^0\.secrets\.",
    ),
    # https://docs.ansible.com/ansible/latest/vault_guide/: what should have been encrypted with it, and the password of the vault
    keyed(
        rule("ansible-variable-secret", "Ansible variable", Kind.CREDENTIAL, generic=True),
        "*/group_vars/* */group_vars/*/* */host_vars/* */host_vars/*/* */vars/*.yml */vars/*.yaml */defaults/*.yml "
        "*/defaults/*.yaml "
        "vars.yml vars.yaml vault.yml vault.yaml site.yml playbook*.yml *playbook.yml inventory.yml inventory.yaml "
        "hosts.yml hosts.yaml "
        "*/playbooks/*.yml */tasks/*.yml",
        settings,
        but=r"\.(?:no_log|update_password)$",
    ),
    matched(
        rule("ansible-inventory-password", "Ansible inventory"),
        "hosts inventory inventory.ini hosts.ini *.inventory */inventory/* */inventories/* ansible_hosts",
        r"\b(?P<key>ansible_(?:ssh_|become_|sudo_|su_|winrm_)?pass(?:word)?)[ \t]*=[ \t]*[\"']?(?P<secret>[^\s\"']+)",
        r"\b(?P<key>\w*(?:password|secret|token))[ \t]*=[ \t]*[\"']?(?P<secret>[^\s\"']+)",
    ),
    matched(
        rule("ansible-vault-password-file", "Ansible vault", Kind.PASSWORD, Severity.CRITICAL),
        ".vault_pass* .vault-pass* vault_pass* vault-pass* .vault_password* vault_password* vault-password* "
        ".ansible_vault* *.vault_pass "
        "*.vault-password .vaultpass vaultpass *vault_pass.txt *vault-pass.txt",
        r"\A(?:\xef\xbb\xbf)?\s*(?!#!)(?P<secret>[^\r\n]{4,200}?)\s*\Z",
    ),
    # https://www.jenkins.io/doc/developer/security/secrets/: readable by who also has `secrets/`
    keyed(
        rule("jenkins-credential", "Jenkins", Kind.CREDENTIAL, Severity.MEDIUM),
        "credentials.xml *jenkins*.xml */jobs/*/config.xml */jenkins*/config.xml */users/*/config.xml",
        xml_text.leaves,
        r"\.(?:password|passphrase|privatekey|secret|apitoken|secretbytes|passwordhash|bindpassword|managerpassword\w*|accesskey|secretkey|"
        r"token|authtoken|jenkins\.security\.apitokenproperty)$",
        but=r"\.(?:class|plugin)$",
    ),
    matched(
        rule("jenkins-master-key", "Jenkins", Kind.ENCRYPTION_KEY, Severity.CRITICAL),
        "*/secrets/master.key */secret.key */jenkins*/secret.key */secrets/initialadminpassword",
        r"\A(?:\xef\xbb\xbf)?\s*(?P<secret>[0-9a-f]{32,512})\s*\Z",
    ),
    # The key that decrypts what `credentials.xml` holds, itself encrypted with `master.key`
    matched(
        rule("jenkins-secret-key", "Jenkins", Kind.ENCRYPTION_KEY),
        "*/hudson.util.secret hudson.util.secret",
        r"(?s)\A(?:\xef\xbb\xbf)?(?P<secret>.{16,2000})",
    ),
    # https://helm.sh/docs/chart_best_practices/values/
    keyed(
        rule("helm-value-secret", "Helm value", Kind.CREDENTIAL, generic=True),
        "values.yaml values.yml values*.yaml values*.yml *values.yaml *values.yml *.values.yaml */values/*.yaml */values/*.yml",
        settings,
        but=r"existing|secretkeyref|secretkeys\.",
    ),
    # https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/secretgenerator/
    keyed(
        rule("kustomize-secret-literal", "kustomize secretGenerator", Kind.CREDENTIAL),
        "kustomization.yaml kustomization.yml kustomization",
        settings,
        r"\.secretgenerator\.\d+\.literals\.",
    ),
    keyed(
        rule("cloud-init-password", "cloud-init"),
        "user-data user-data.* cloud-init*.yml cloud-init*.yaml cloud-config*.yml cloud-config*.yaml cloud.cfg",
        yaml_text.leaves,
        r"(?:passwd|password|plain_text_passwd|hashed_passwd|chpasswd\.list)$",
        but=r"lock_passwd$",
    ),
    matched(
        rule("kickstart-password", "installer answer file", confidence=Confidence.MEDIUM),
        "*.ks ks.cfg anaconda-ks.cfg kickstart* preseed.cfg *.preseed unattend.xml autounattend.xml *.kickstart",
        r"^\s*(?P<key>rootpw)[ \t]+(?:--(?:plaintext|iscrypted|allow-ssh)[ \t]+)*\"?(?P<secret>[^\s\"-][^\s\"]*)",
        r"\s(?P<key>--password)[= ]\"?(?P<secret>[^\s\"]+)",
        r"\b(?P<key>passwd/(?:root|user)-password(?:-crypted|-again)?)[ \t]+password[ \t]+(?P<secret>\S+)",
        r"(?si)<(?P<key>\w*Password)>\s*<Value>(?P<secret>[^<]{1,500})</Value>",
    ),
)
