"""The words of what is said about people and how they get in."""

from flask_babel import lazy_gettext as _l

WORDS = {
    "token_without_scope": _l("Choose at least one thing that the token is good for."),
    "too_many_tokens": _l(
        "You have %(most)s tokens that work, which is all there can be. Revoke one that is needed"
        " no more."
    ),
    "address_is_yours": _l("This is your address already."),
    "code_wrong": _l("This is not the code in the mail. Check the digits and try again."),
    "code_used_up": _l("Too many wrong codes. Have a new one sent."),
    "code_too_old": _l("This code is too old. Have a new one sent."),
    "factor_on": _l("The second factor is on already."),
    "factor_off": _l("The second factor is off."),
    "factor_required": _l("Whoever works in this portal needs a second factor."),
    "factor_code_wrong": _l(
        "This code is not right, or was used already. Wait for the next one in the app and type"
        " that."
    ),
    "local_sign_in_off": _l("This portal takes no passwords. People sign in by single sign-on."),
    "sso_not_reached": _l(
        "%(name)s does not answer at the moment. Try again in a few minutes, or tell an"
        " administrator."
    ),
    "sso_not_trusted": _l(
        "The answer of %(name)s could not be trusted, so nobody was signed in. Begin again here; if"
        " it happens again, tell an administrator."
    ),
    "sso_too_weak": _l(
        "You did not sign in to %(name)s as strongly as this portal asks. Set up a second factor"
        " there, sign out there, and begin again here; if it happens again, tell an administrator."
    ),
    "sso_unknown": _l("There is no account for you here. Ask an administrator to add you."),
    "sso_email_not_verified": _l(
        "Your e-mail address is not verified where you signed in. Verify it there, then come back."
    ),
    "sso_another_account": _l(
        "Your address belongs to somebody who signs in with another account. Ask an administrator."
    ),
    "name_not_for_badges": _l(
        "This cannot stand on a badge. Write the name as it should be read there, not an account or"
        " a placeholder. If it is your real name, ask an administrator to say so."
    ),
    "name_confirmed": _l("An administrator said that the name is right."),
    "name_changed_meanwhile": _l("The name was changed meanwhile. Look at it once more."),
    "name_cannot_be_confirmed": _l(
        "Credly takes no name without letters, and no account with @ or _. Correct the name."
    ),
}
