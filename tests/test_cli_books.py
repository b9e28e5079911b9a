"""`flask --app app books` says whether the books balance, and its exit code says it too."""

import json

from portal.cli.books import balance_books


def test_books_that_balance_end_with_0(app, world):
    world.complete()
    world.work()
    answer = app.test_cli_runner().invoke(balance_books)
    assert answer.exit_code == 0, answer.output
    assert "The books balance." in answer.output


def test_books_that_do_not_end_with_1_and_name_the_rows(app, world):
    delivery = world.complete()
    answer = app.test_cli_runner().invoke(balance_books, ["--json"])
    assert answer.exit_code == 1
    told = json.loads(answer.output)
    assert told["counts"]["unfinished"] == 1
    assert told["rows"][0]["issued_badge_id"] == delivery.issued_badge_id


def test_in_words_every_set_is_named(app, world):
    world.complete()
    answer = app.test_cli_runner().invoke(balance_books)
    assert "unfinished                 1" in answer.output
    assert "gone                       0" in answer.output  # as the page and its help call it
    assert "The books do not balance." in answer.output
