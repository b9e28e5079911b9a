"""Codes to words in the reader's language. Every code of messages has its words here."""

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from portal.messages import Message
from portal.wording import api, audit, earlier, imports, learners, learning, people, running, told
from portal.wording.mails import MAILS, NOTIFICATION, SUBJECTS, MailWords

_PARTS = imports.WORDS | learning.WORDS | learners.WORDS | people.WORDS | told.WORDS
_PARTS |= api.WORDS | audit.WORDS | earlier.WORDS | running.WORDS
WORDS = _PARTS | {
    # people and sign-in
    "sign_in_failed": _l("E-mail or password is not right. Check both and try again."),
    "sign_in_slow_down": _l("Too many attempts. Wait %(seconds)s seconds and try again."),
    "email_not_usable": _l("This is not a usable e-mail address. Write it like name@example.org."),
    "email_taken": _l("Somebody with this e-mail address is already here."),
    "name_missing": _l("Write a first and a last name; both stand on badges."),
    "password_too_short": _l("Use at least %(least)s characters."),
    "password_too_long": _l("Use at most %(most)s characters."),
    "password_too_common": _l("This password is too easy to guess. Use one that nobody else has."),
    "setup_code_wrong": _l(
        "This is not the code that the portal printed on its console. Copy it from there; a"
        " restart prints a new one."
    ),
    "link_not_usable": _l(
        "This link was used already, or is too old. Ask an administrator for a new one."
    ),
    "old_password_wrong": _l("This is not your present password."),
    "account_is_off": _l("This account is switched off. Activate it first."),
    "last_admin": _l("This is the last administrator. Make somebody else one first."),
    "already_erased": _l("This person was erased already."),
    "erasure_not_asked": _l("Begin with the first step: ask for the erasure."),
    "erasure_other_address": _l("This is not the person's address. Type it to confirm."),
    "was_erased": _l(
        "Somebody with this address was erased here. Add them only if they asked for it themselves,"
        " and say so."
    ),
    "not_yourself": _l("You cannot switch your own account off. Ask another administrator."),
    "profile_not_credly": _l(
        "This is not the address of a Credly profile. It looks like"
        " https://www.credly.com/users/your-name."
    ),
    # connections
    "host_not_allowed": _l(
        "The portal may not talk to this host. Use api.credly.com or sandbox-api.credly.com,"
        " without https:// and without a path."
    ),
    "organization_id_not_uuid": _l(
        "This is not an organization ID. Credly shows it under Organization Details, 36"
        " characters like 1a2b3c4d-0000-4000-8000-000000000000."
    ),
    "token_not_usable": _l(
        "This is not a token as Credly makes them: letters, digits, - and _ without spaces."
        " Paste the token alone."
    ),
    "connection_name_taken": _l("Another connection has this name. Choose a different one."),
    "connection_in_use": _l(
        "Badges in use: %(badges)s. A connection can be deleted when no badge uses it; pause it"
        " instead."
    ),
    "token_refused": _l(
        "Credly refused the authorization token. It may be mistyped, expired or revoked: make a"
        " new one at Credly and give it to the connection."
    ),
    "token_lacks_rights": _l(
        "Credly knows this token but does not let it do this. Give it read and write rights."
    ),
    "organization_not_found": _l(
        "Credly does not know this organization for this token. Check the organization ID and the"
        " hostname (sandbox and production are separate)."
    ),
    "certificate_not_trusted": _l(
        "The certificate of this host is not trusted, so nothing was sent. Check the hostname, and"
        " the clock and certificates of this machine."
    ),
    "credly_redirects": _l(
        "The host answered with a redirect, which Credly's API never does. Check the hostname."
    ),
    "credly_not_reached": _l(
        "The host could not be reached. Check the hostname and this machine's network; nothing"
        " was sent."
    ),
    "credly_busy": _l("Credly asked us to come back later."),
    "credly_no_answer": _l("Credly did not answer in time."),
    "credly_strange_answer": _l("The host answered with something that is not Credly's API."),
    "credly_server_error": _l("Credly had an internal error."),
    "credly_refused": _l("Credly refused this request; its own words stand with the delivery."),
    "token_cannot_be_opened": _l(
        "The saved token cannot be opened with this portal's sealing key. Replace the token."
    ),
    "host_allowed_no_more": _l(
        "The portal may not talk to this host any more. Whoever runs the portal can allow it again"
        " with CREDLY_EXTRA_HOSTS."
    ),
    # badges, templates, pictures
    "badge_name_missing": _l("A badge needs a name."),
    "badge_template_taken": _l("The badge %(badge)s already stands for this template."),
    "badge_in_use": _l("This badge has been issued; its template can no longer be changed."),
    "badge_retired": _l("This badge is retired and cannot be earned any more."),
    "template_missing": _l("The badge template does not exist at Credly."),
    "template_not_active": _l("The badge template is not active at Credly."),
    "external_badge_id_not_uuid": _l(
        "This is not the ID of a badge template: 36 characters like"
        " 1a2b3c4d-0000-4000-8000-000000000000."
    ),
    "image_address_refused": _l("The portal does not fetch pictures from this address."),
    "image_not_reached": _l("The picture could not be fetched."),
    "image_not_an_image": _l("What is at this address is no PNG, JPEG or GIF picture."),
    "image_too_small": _l("The picture is smaller than 250×250 pixels."),
    "image_too_large": _l("The picture has more than 4,096×4,096 pixels."),
    "restored_from_backup": _l(
        "The portal was restored from a backup. Resume the connection: what was open then is looked"
        " up at Credly before anything is sent."
    ),
    "public_page_cancelled": _l("This badge was cancelled; it has nothing to show."),
    "sync_interrupted": _l("The sync was interrupted several times. Start it again."),
    # deliveries
    "issued": _l("Credly issued the badge."),
    "was_already_issued": _l("The badge was already at Credly and was taken over."),
    "looked_up_found": _l("The earlier try had worked: the badge was found at Credly."),
    "looked_up_empty": _l("Credly does not show the badge yet. It is looked up once more."),
    "held_connection_held": _l("Credly refused the connection"),
    "held_connection_paused": _l("paused by an admin"),
    "held_no_connection": _l("no connection"),
    "held_template_not_active": _l("template not active"),
    "held_name_not_usable": _l("name not usable"),
    "held_opted_out": _l("opted out"),
    "why_connection_held": _l(
        "Credly refused the connection. Replace its token; then it goes on by itself."
    ),
    "why_connection_paused": _l(
        "A person paused the connection. Resume it; then it goes on by itself."
    ),
    "why_no_connection": _l(
        "No connection has shown this badge's template yet. Sync the right connection."
    ),
    "why_template_not_active": _l(
        "The template is not active at Credly. Activate it there, then sync the connection."
    ),
    "why_name_not_usable": _l(
        "The name cannot stand on a badge. Correct it under People, or say there that it is right;"
        " then it goes on by itself."
    ),
    "why_opted_out": _l("The person does not want anything sent to Credly."),
    "why_undo_window": _l("It is held so that it can be cancelled, and then leaves by itself."),
    "send_now_asked": _l("A person let it leave before its time."),
    "not_held_any_more": _l(
        "The badge is not held any more: it is on its way to Credly, or was cancelled already."
    ),
    "held_undo_window": _l("can still be cancelled"),
    "duplicate_at_credly": _l("Credly says this person already has the badge. It is looked up."),
    "duplicate_not_found": _l(
        "Credly says this person already has the badge, but shows none. Look at Credly; a revoked"
        " badge may block a new one."
    ),
    "already_replaced": _l("This badge was replaced by a newer one at Credly."),
    "belongs_to_another": _l(
        "The badge at Credly belongs to another person of this portal. Check both e-mail addresses."
    ),
    "earlier_cycle_live": _l("The badge of an earlier cycle is live at Credly; it is replaced."),
    "waits_for_earlier_cycle": _l(
        "It replaces the badge of the cycle before, which has to be through first."
    ),
    "nothing_left_to_replace": _l(
        "The badge that it would replace is not there any more; it is issued by itself."
    ),
    "nothing_to_replace": _l("There is no live badge at Credly that could be replaced."),
    "revoked_at_credly": _l("Credly revoked the badge."),
    "gone_at_credly": _l("Credly does not know this badge any more."),
    "not_at_credly": _l("This badge is not live at Credly, so there is nothing to revoke."),
    "already_on_its_way": _l("Something is on its way to Credly for this badge. Let it end first."),
    "reason_missing": _l("Say why; Credly keeps the reason with the badge."),
    "revoke_asked": _l("Revoking was asked for."),
    "repair_send": _l("The books had lost it; it is looked up and sent."),
    "repair_adopt": _l("The badge that the books found at Credly was taken over."),
    "repair_take_over": _l("What Credly says of the badge was taken over."),
    "repair_acknowledge": _l("A person has seen that the badge is gone at Credly."),
    "still_at_credly": _l("Credly still has this badge; balance the books again."),
    "same_organization": _l(
        "The connection %(name)s speaks for the same organization. Two connections for one"
        " organization mirror the same templates; one is usually enough."
    ),
    "name_needs_letters": _l("Write a name that people can read."),
    "nothing_to_adopt_it": _l("No award of this portal fits that badge, so it is not taken over."),
    "event_unknown_at_credly": _l("Credly knows no such event: it was forged or is long gone."),
    "event_not_about_ours": _l("The event is about nothing that this portal issued."),
    "event_applied": _l("What Credly holds was read and taken over."),
    "event_badge_gone": _l("The badge is no longer at Credly."),
    "public_url_not_reachable": _l(
        "Credly sends webhooks to https addresses only. Set PUBLIC_URL to the portal's https"
        " address first; without webhooks the portal asks Credly every hour."
    ),
    "webhook_unsettled": _l(
        "Credly's answer about the new address was lost. The portal finds out by itself within a"
        " few minutes; until then events are heard at both addresses."
    ),
    "patience_over": _l("Seven days of tries did not help. Look at the trail, then retry."),
    "token_was_replaced": _l("The token was replaced meanwhile. Tried again with the new one."),
    "retry_asked": _l("Retry was pressed."),
    "cancel_asked": _l("Cancel was pressed; something may have left already. It is looked up."),
    "cancelled_before_sending": _l("Cancelled before anything was sent."),
    "cancelled_not_at_credly": _l("Cancelled; the badge is not at Credly."),
    "cancelled_but_issued": _l("Cancelled too late: Credly had issued the badge. Revoke it there?"),
    "number_differs": _l("Type the number %(number)s: so many deliveries are meant now."),
    "retry_not_open": _l("This delivery is over; there is nothing to retry."),
    "retry_still_held": _l(
        "It cannot be tried yet: what holds it still stands in the way. The reason says what to do."
    ),
    "cancel_not_open": _l("This delivery is over; there is nothing to cancel."),
}


def words(message: Message) -> str:
    """Return a message in the reader's language."""
    return str(WORDS[message.code]) % message.values if message.values else _plain(message.code)


def _plain(code: str) -> str:
    return str(WORDS[code])


def words_for(message: Message, locale: str | None) -> str:
    """Return a message in the language of somebody who is not the reader of this page."""
    with force_locale(locale or "en"):
        return words(message)


def mail_words(kind: str, locale: str | None) -> MailWords:
    """Return the words of a mail in the language of its reader."""
    with force_locale(locale or "en"):
        subject, body = MAILS.get(kind) or (SUBJECTS[kind], NOTIFICATION)
        # Without values Babel leaves the places for them as they are.
        return MailWords(str(subject), str(body))
