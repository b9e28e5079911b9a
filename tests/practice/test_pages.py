"""The pages of earners, and what everybody may see."""

import pytest


@pytest.fixture
def badge(desk):
    return desk.issue(desk.template(), recipient_email="lena+1@example.org")


def test_an_earner_finds_and_accepts_a_badge(desk, badge):
    assert "Accept Knots" in desk.page("/earner?email=Lena%2B1@example.org")
    page = desk.page(f"/badges/{badge['id']}/accept")
    assert ">Accept</button>" in page
    assert ">Reject</button>" in page
    answer = desk.press(f"/badges/{badge['id']}/accept")
    assert "This badge is accepted" in answer.text
    assert desk.look(badge)["state"] == "accepted"


def test_an_earner_rejects_a_badge(desk, badge):
    answer = desk.press(f"/badges/{badge['id']}/reject")
    assert "This badge is rejected" in answer.text
    assert desk.look(badge)["state"] == "rejected"
    assert "accept_badge_url" not in desk.look(badge)


def test_what_is_accepted_cannot_be_accepted_or_rejected_again(desk, badge):
    desk.move(badge, "accept")
    for wish in ("accept", "reject"):
        assert desk.press(f"/badges/{badge['id']}/{wish}").status_code == 409


def test_a_badge_is_public_only_while_accepted_and_not_private(desk, badge):
    path = f"/badges/{badge['id']}"
    desk.page(path, expect=404)
    desk.press(f"{path}/accept")
    assert "Lena Learner" in desk.page(path)
    assert "Lena Learner" in desk.page(f"{path}/public_url")
    desk.press(f"{path}/private")
    desk.page(path, expect=404)
    assert desk.look(badge)["public"] is False
    desk.press(f"{path}/public")
    desk.data("PUT", f"/badges/{badge['id']}/revoke", {"reason": "Error"})
    desk.page(path, expect=410)


def test_two_people_of_one_name_get_two_profiles(desk):
    template = desk.template()
    first, second = desk.issue(template), desk.issue(template)
    for badge in (first, second):
        desk.move(badge, "accept")
    slugs = [desk.look(badge)["user"]["url"].rpartition("/")[2] for badge in (first, second)]
    assert slugs[0] == "lena-learner"
    assert slugs[1].startswith("lena-learner.")
    assert len(slugs[1]) == len("lena-learner.") + 8


def test_a_profile_shows_public_badges_as_page_and_as_json(desk, badge):
    desk.move(badge, "accept")
    hidden = desk.issue(desk.template(name="Secret"), recipient_email="lena+1@example.org")
    desk.move(hidden, "accept")
    desk.move(hidden, "private")
    page = desk.page("/users/lena-learner")
    assert "Knots" in page
    assert "Secret" not in page
    answer = desk.http.get(f"{desk.practice.url}/users/lena-learner/badges.json", timeout=60)
    assert [one["id"] for one in answer.json()["data"]] == [badge["id"]]


def test_an_organisation_and_its_badges_have_pages(desk):
    desk.template(description="Ties <b>them</b>", skills=["Rope work"])
    assert "Knots" in desk.page("/org/stem-learning")
    page = desk.page("/org/stem-learning/badge/knots")
    assert "Ties &lt;b&gt;them&lt;/b&gt;" in page
    assert "Rope work" in page
    desk.page("/org/nobody", expect=404)


@pytest.mark.parametrize("path", ["/", "/practice", "/earner?email=", "/org/stem-learning"])
def test_every_page_has_what_it_owes_its_reader(desk, path):
    answer = desk.http.get(desk.practice.url + path, timeout=60)
    page = answer.text
    assert '<html lang="en">' in page
    assert page.count("<h1>") == 1
    assert "<title>" in page
    assert "style=" not in page
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert desk.http.get(f"{desk.practice.url}/practice.css", timeout=60).ok


def test_a_trainer_lets_it_fail_by_hand_and_ends_it(desk, badge):
    other = desk.order({"id": badge["badge_template"]["id"]})
    assert "Everything is normal" in desk.page("/practice")
    desk.press("/practice/hand", do="fail")
    desk.call("POST", "/badges", other, 503)
    desk.press("/practice/hand", do="token")
    assert "401" in desk.page("/practice")
    desk.call("GET", "", expect=401)
    assert "Everything is normal" in desk.press("/practice/hand", do="normal").text
    desk.call("POST", "/badges", other, 201)


def test_another_website_cannot_press_our_buttons(desk, badge):
    headers = {"Sec-Fetch-Site": "cross-site"}
    for path in (f"/badges/{badge['id']}/accept", "/practice/reset"):
        answer = desk.http.post(desk.practice.url + path, headers=headers, timeout=60)
        assert answer.status_code == 403
