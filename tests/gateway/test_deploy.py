"""The files for putting the gateway into service: settings load, units are hardened, Postfix takes the snippets."""

import configparser
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from sluicegate.gateway.checks import Level, check_actions, check_gateway, check_postfix, check_register, check_socket
from sluicegate.gateway.sockets import open_socket
from sluicegate.settings import load_settings, parse_settings

DEPLOY = Path(__file__).parents[2] / "scripts" / "deploy"
SECRET = "SECRET recipe\r\n"


def test_the_example_settings_are_valid_and_fail_closed():
    settings = load_settings(DEPLOY / "sluicegate.toml")
    assert [finding.level for finding in check_actions(settings)] == [Level.OK]
    assert settings.gateway.exemptions[0].country == settings.gateway.home_country


def test_the_service_is_hardened_and_not_root():
    unit = configparser.ConfigParser(strict=False)
    unit.optionxform = str
    unit.read(DEPLOY / "sluicegate-milter.service")
    service = unit["Service"]
    assert service["User"] == "sluicegate"
    for name in ("NoNewPrivileges", "PrivateTmp", "ProtectHome", "PrivateDevices"):
        assert service[name] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""
    socket = configparser.ConfigParser()
    socket.read(DEPLOY / "sluicegate-milter.socket")
    listen = load_settings(DEPLOY / "sluicegate.toml").gateway.milter.listen
    assert f"unix:{socket['Socket']['ListenStream']}" == listen
    assert socket["Socket"]["SocketMode"] == "0660"


@pytest.fixture(scope="module")
def units(tmp_path_factory):
    """A folder with the units, as `systemd-analyze` can look at them where nothing is installed."""
    if shutil.which("systemd-analyze") is None and os.geteuid() == 0 and shutil.which("apt-get"):
        for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "systemd"]):
            environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            subprocess.run(["apt-get", *command], env=environment, check=False, capture_output=True)
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    folder = tmp_path_factory.mktemp("units")
    for name in ("sluicegate-milter.service", "sluicegate-milter.socket"):
        text = (DEPLOY / name).read_text().replace("/opt/sluicegate/bin/sluicegate", "/bin/true")
        (folder / name).write_text(text)
    return folder


def analyze(*words):
    return subprocess.run(["systemd-analyze", *words], capture_output=True, text=True, check=False)


def test_systemd_reads_the_units_without_a_word(units):
    done = analyze("verify", "--man=no", *(str(path) for path in sorted(units.iterdir())))
    assert (done.returncode, done.stderr) == (0, "")


def test_systemd_finds_little_exposed(units):
    """At most 1.8 of 10: its machine's network, the workers' namespaces and what OCR reads in /proc are left."""
    service = str(units / "sluicegate-milter.service")
    done = analyze("security", "--offline=true", "--no-pager", "--threshold=18", service)
    assert done.returncode == 0, done.stdout.splitlines()[-1]


@pytest.mark.postfix
@pytest.mark.skipif(shutil.which("setpriv") is None, reason="setpriv (util-linux) is not installed")
def test_the_service_may_count_what_is_held(postfix):
    unit = configparser.ConfigParser(strict=False)
    unit.read(DEPLOY / "sluicegate-milter.service")
    groups = unit["Service"]["SupplementaryGroups"]
    as_service = ["setpriv", "--no-new-privs", "--reuid=nobody", "--regid=nogroup", f"--groups={groups}"]
    done = subprocess.run([*as_service, "postqueue", "-c", postfix.conf, "-j"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture
def deployed(tools, postfix_session):
    """A private Postfix with the snippets of scripts/deploy instead of the tests' own lines."""
    postfix = tools.Postfix(content_seconds=20)
    main, master = postfix.conf / "main.cf", postfix.conf / "master.cf"
    kept = re.sub(r"(?m)^(sluicegate_milter|non_smtpd_milters) = .*\n(  .*\n)?", "", main.read_text())
    snippet = (DEPLOY / "postfix-milter-main.cf").read_text()
    main.write_text(kept + snippet.replace("unix:/sluicegate/milter.sock", f"unix:{postfix.socket}"))
    lines = (DEPLOY / "postfix-milter-master.cf").read_text() + (DEPLOY / "postfix-proxy-master.cf").read_text()
    lines = re.sub(r"(?m)^submission inet", f"127.0.0.1:{postfix.ports['milter']} inet", lines)
    lines = lines.replace("-o smtpd_tls_security_level=encrypt", "-o smtpd_tls_security_level=none")
    lines = lines.replace("-o smtpd_sasl_auth_enable=yes", "-o smtpd_sasl_auth_enable=no")
    postfix.ports["crossborder"] = tools.free_port()
    ports = {"10025": "crossborder", "2525": "proxied", "2598": "proxy", "2527": "deliver", "2528": "hold"}
    for number, name in ports.items():
        lines = re.sub(rf"(?<!\d)(127\.0\.0\.1:)?{number}(?!\d)", f"127.0.0.1:{postfix.ports[name]}", lines)
    lines = lines.replace("inet n - y -", "inet n - n -")
    rest = master.read_text()
    master.write_text(lines + rest[rest.index("pickup") :])
    try:
        yield postfix.start()
    finally:
        postfix.stop()


@pytest.mark.postfix
def test_postfix_takes_the_snippets_and_mail_is_screened_on_every_path(deployed, start_gateway, tools):
    listen = {"milter": {"listen": f"unix:{deployed.socket}", "mode": 0o666}}
    ports = {name: f"127.0.0.1:{deployed.ports[name]}" for name in ("deliver", "hold")}
    start_gateway("milter", {"gateway": {"workers": 1, **listen}})
    proxy = {"listen": f"127.0.0.1:{deployed.ports['proxy']}", **ports}
    start_gateway("smtp", {"gateway": {"workers": 1, "smtp": proxy}})
    for name in ("milter", "crossborder", "proxied"):
        assert tools.send(deployed.ports[name], tools.message(f"<clean-{name}@x>")).startswith("250")
        assert tools.send(deployed.ports[name], tools.message(f"<secret-{name}@x>", body=SECRET)).startswith("250")
    text = tools.message("<secret-local@x>", body=SECRET).decode().replace("\r\n", "\n")
    deployed.run("sendmail", "-C", str(deployed.conf), "-f", "li@own.example", "b@buyer.example", text=text)
    tools.wait_until(lambda: len(deployed.delivered()) == 3 and len(deployed.queue("hold")) == 4, what="all seven")
    assert all("clean" in ident for ident in deployed.delivered())
    settings = parse_settings({"gateway": {"postfix": str(deployed.conf)}})
    assert "warning" not in deployed.run("postfix", "-c", str(deployed.conf), "check").stderr
    assert [finding.what for finding in check_postfix(settings)] == ["Postfix holds mail back without us"]


@pytest.mark.postfix
@pytest.mark.parametrize(("action", "level"), [("accept", Level.FAIL), ("tempfail", Level.OK)])
def test_the_doctor_finds_a_postfix_that_delivers_without_us(postfix, tmp_path, action, level):
    """A copy is changed: a process that the running Postfix starts meanwhile must not read it."""
    conf = tmp_path / "conf"
    shutil.copytree(postfix.conf, conf)
    milter = "{ unix:/x.sock, content_timeout=30s, default_action=" + action + " }"
    with (conf / "main.cf").open("a") as main:
        main.write(f"smtpd_milters = {milter}\nnon_smtpd_milters =\n")
    findings = check_postfix(parse_settings({"gateway": {"postfix": str(conf)}}))
    assert [finding.level for finding in findings] == [level]


def test_the_doctor_looks_at_socket_register_actions_and_token(tmp_path):
    path = tmp_path / "m.sock"
    values = {
        "paths": {"licences": str(tmp_path), "records": str(tmp_path / "not" / "yet")},
        "gateway": {
            "on_review": "accept",
            "milter": {"listen": f"unix:{path}"},
            "http": {"listen": "0.0.0.0:8025"},
        },
    }
    settings = parse_settings(values)
    assert check_socket(settings)[0].what == f"no milter listens at {path}"
    opened = open_socket(f"unix:{path}", mode=0o666)
    assert "open to every user" in check_socket(settings)[0].what
    opened.close()
    (tmp_path / "register.toml").write_text("[[licence]]\nnumber = 1\n")
    assert check_register(settings)[0].level is Level.FAIL
    found = {finding.what: finding.level for finding in check_gateway(settings)}
    assert found["gateway.on_review = 'accept' lets such mail leave"] is Level.WARN
    assert any(what.startswith("HTTP token") and level is Level.FAIL for what, level in found.items())
