"""A button that is pressed twice in a row, as many people do."""

# Which presses would be sent: the first, a second one at once, one after coming back to the page.
PRESSES = """form => {
  const press = () => form.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
  const sent = [press(), press()];
  window.dispatchEvent(new Event("pageshow"));
  return [...sent, press()];
}"""


def test_a_second_press_at_once_sends_nothing(page, portal):
    page.goto(f"{portal.url}/setup")
    page.wait_for_load_state()
    assert page.locator("form.post-form").evaluate(PRESSES) == [True, False, True]
