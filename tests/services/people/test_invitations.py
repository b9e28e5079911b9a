"""Invitations: handed over, or mailed."""

import dataclasses
from datetime import timedelta

import pytest

from portal.errors import RuleBroken
from portal.extensions import db
from portal.models import LinkPurpose, Mail, MailState, OneTimeLink
from portal.services.people import invitations, people
from portal.services.people.one_time_links import person_of_link


@pytest.fixture
def means(app):
    return app.extensions["means"]


@pytest.fixture
def with_mail(means):
    return dataclasses.replace(means, mail_is_set_up=True)


def code_of(address):
    return address.rsplit("/", 1)[1]


def test_without_mail_the_address_comes_back(means, lena, now):
    address = invitations.send(person=lena, means=means, now=now)
    assert people.invited(code_of(address), now) is lena
    assert not db.session.query(Mail).count()


def test_only_a_hash_of_the_code_is_kept(means, lena, now):
    code = code_of(invitations.send(person=lena, means=means, now=now))
    assert code not in str(vars(db.session.query(OneTimeLink).one()))


def test_a_link_lives_seven_days(means, lena, now):
    code = code_of(invitations.send(person=lena, means=means, now=now))
    assert people.invited(code, now + timedelta(days=6, hours=23))
    with pytest.raises(RuleBroken):
        people.invited(code, now + timedelta(days=7))


def test_it_is_good_for_nothing_else(means, lena, now):
    code = code_of(invitations.send(person=lena, means=means, now=now))
    with pytest.raises(RuleBroken):
        person_of_link(code, LinkPurpose.SETUP, now)


def test_with_mail_it_is_mailed_sealed_for_its_reader(with_mail, lena, otto, now):
    assert invitations.send(person=lena, means=with_mail, now=now) is None
    mail = db.session.query(Mail).one()
    address = with_mail.sealer.open(mail.sealed_link, f"mail:{lena.id}")
    assert (mail.person_id, mail.kind, mail.state) == (lena.id, "invitation", MailState.WAITING)
    assert people.invited(code_of(address), now) is lena
    assert "/invitation/" not in mail.sealed_link


def test_a_mail_that_was_sent_stays_in_the_books(with_mail, lena, now):
    invitations.send(person=lena, means=with_mail, now=now)
    db.session.query(Mail).one().state = MailState.DONE
    invitations.send(person=lena, means=with_mail, now=now)
    assert db.session.query(Mail).count() == 2


def test_who_is_switched_off_is_not_invited(means, ada, lena, now):
    people.deactivate(actor=ada, person=lena)
    with pytest.raises(RuleBroken) as refusal:
        invitations.send(person=lena, means=means, now=now)
    assert refusal.value.message.code == "account_is_off"
    assert not db.session.query(OneTimeLink).count()
