"""Rows beside other rows, and beside the badges that are there already."""

import pytest

from portal.extensions import db
from portal.models import Badge, BadgeState
from tests.factories import make_connection, make_course, make_template
from tests.services.importing.conftest import badge_of, file_of, row

ONE = {"template": "1a2b3c4d-0000-4000-8000-000000000001", "provider": "Credly"}
TWO = {"template": "1a2b3c4d-0000-4000-8000-000000000002", "provider": "Credly"}


def test_the_same_row_twice_counts_once(desk):
    run = desk.bring(file_of(row(1), row(1)))
    assert (run.new, run.unchanged, run.failed) == (1, 1, 0)
    assert desk.said(run, 3) == [("id", "import_id_repeated")]


def test_an_id_with_other_content_names_the_line_of_the_first(desk):
    run = desk.bring(file_of(row(1), row(2), row(1, "Ropes")))
    assert desk.outcomes(run) == {2: "new", 3: "new", 4: "error"}
    assert desk.rows(run)[4].remarks[0]["values"] == {"line": 2}
    assert badge_of(1).name == "Knots"


def test_two_rows_cannot_stand_for_one_template(desk):
    run = desk.bring(file_of(row(1, **ONE), row(2, **ONE)))
    assert desk.said(run, 3) == [("externalBadgeId", "import_template_twice")]
    assert run.new == 1


def test_a_retired_badge_does_not_block_its_template(desk):
    assert desk.bring(file_of(row(1, state="Retired", **ONE), row(2, **ONE))).new == 2


def test_a_template_that_another_badge_stands_for_is_refused_by_its_name(desk):
    db.session.add(Badge(own_name="Ropes", external_badge_id=ONE["template"]))
    db.session.commit()
    run = desk.preview(file_of(row(1, **ONE)))
    assert desk.rows(run)[2].remarks[0]["values"] == {"badge": "Ropes"}


def test_a_template_can_move_from_one_badge_to_another_in_one_file(desk):
    desk.bring(file_of(row(1, **ONE), row(2)))
    run = desk.bring(file_of(row(1, state="Retired", **ONE), row(2, **ONE)))
    assert (run.changed, run.failed) == (2, 0)
    assert badge_of(2).external_badge_id == ONE["template"]


def test_a_badge_that_was_retired_comes_back_only_if_its_template_is_free(desk):
    desk.bring(file_of(row(1, state="Retired", **ONE), row(2, **ONE)))
    run = desk.preview(file_of(row(1, **ONE)))
    assert desk.said(run) == [("externalBadgeId", "badge_template_taken")]


def test_the_template_of_a_badge_may_change_while_nothing_was_issued(desk):
    desk.bring(file_of(row(1, **ONE)))
    assert desk.bring(file_of(row(1, **TWO))).changed == 1
    assert badge_of(1).external_badge_id == TWO["template"]


@pytest.mark.parametrize("after", [TWO, {}])
def test_the_template_of_an_issued_badge_stays(desk, world, after):
    world.badge.source_id = "1"
    world.complete()
    run = desk.preview(file_of(row(1, world.badge.name, **after)), world.connection)
    assert ("externalBadgeId", "badge_in_use") in desk.said(run)


def test_a_badge_in_use_may_change_its_name_and_state(desk, world):
    world.badge.source_id = "1"
    delivery = world.complete()
    kept = {"template": world.badge.external_badge_id, "provider": "Credly"}
    run = desk.bring(file_of(row(1, "New name", state="Retired", **kept)), world.connection)
    assert (run.changed, run.failed) == (1, 0)
    assert delivery.issued_badge.badge.state is BadgeState.RETIRED
    assert ("state", "import_retired_attached") in desk.said(run)


def test_a_retired_badge_that_is_attached_names_what_it_is_attached_to(desk, otto):
    desk.bring(file_of(row(1)))
    make_course(otto, "Knots for beginners", badge=badge_of(1))
    run = desk.preview(file_of(row(1, state="Retired")))
    assert desk.rows(run)[2].remarks[-1]["values"] == {"objects": "Knots for beginners"}


def test_a_row_without_a_picture_takes_none_away(desk):
    desk.bring(file_of(row(1, image="https://example.org/a.png")))
    assert desk.bring(file_of(row(1, image=""))).unchanged == 1
    assert badge_of(1).own_image.source == "https://example.org/a.png"


def test_a_new_picture_address_is_fetched_while_the_old_picture_is_shown(desk):
    desk.bring(file_of(row(1, image="https://example.org/a.png")))
    badge_of(1).own_image.key = "a" * 64
    db.session.commit()
    assert desk.bring(file_of(row(1, image="https://example.org/b.png"))).changed == 1
    assert (badge_of(1).own_image.source, badge_of(1).picture) == (
        "https://example.org/b.png",
        "a" * 64,
    )


def test_a_file_without_the_credly_columns_leaves_the_template_alone(desk):
    desk.bring(file_of(row(1, **ONE)))
    short = "id,badgeName,badgeCreationDate,state,imageUrl"
    run = desk.bring(file_of("1,Knots,2016-10-12T10:12:11.110Z,Active,", header=short))
    assert run.unchanged == 1
    assert badge_of(1).external_badge_id == ONE["template"]


def test_an_unchecked_badge_is_given_its_connection_by_a_later_import(desk):
    desk.bring(file_of(row(1, **ONE)))
    connection = make_connection(desk.means)
    make_template(connection, credly_id=ONE["template"])
    connection.state = "paused"
    db.session.commit()
    assert desk.bring(file_of(row(1, **ONE)), connection).changed == 1
    assert badge_of(1).connection_id == connection.id
