"""The wall around what leaves: it knows the portal's account and Credly's names."""

import re

from portal.credly.links import API_HOSTS, CREDLY_DOMAINS
from tests.demo.processes import ROOT

DEPLOY = ROOT / "deploy"


def test_the_wall_knows_the_names_and_the_account_of_the_portal():
    wall = (DEPLOY / "outgoing.nft").read_text(encoding="utf-8")
    names = (DEPLOY / "outgoing.dnsmasq").read_text(encoding="utf-8")
    (account,) = re.findall(r"^User=(\w+)$", (DEPLOY / "rosette.service").read_text(), re.MULTILINE)
    assert f'meta skuid != "{account}" accept' in wall
    (allowed, places) = re.findall(r"^nftset=/(\S+)/(\S+)$", names, re.MULTILINE)[0]
    assert set(allowed.split("/")) == set(CREDLY_DOMAINS)
    assert all(host.endswith(CREDLY_DOMAINS) for host in API_HOSTS)
    sets = re.findall(r"[46]#inet#rosette#(\w+)", places)
    assert sets == re.findall(r"^\tset (https\w+) \{", wall, re.MULTILINE)
    assert all(f"@{name} tcp dport 443 accept" in wall for name in sets)
