"""A restore that ended in its middle leaves no portal that would send anything."""

from pathlib import Path

import pytest

from portal.backups.restoring import restore as bring_back
from portal.extensions import db
from portal.schema import SchemaTrouble
from portal.serving import prepare
from tests.backups import PASSPHRASE, backed_up, restored


def test_a_restore_that_is_broken_off_starts_nothing_and_is_done_again(
    app, ada, tmp_path, elsewhere
):
    file, new = backed_up(app, tmp_path), elsewhere("restored")
    folder = Path(new.instance_path)
    bring_back(Path(file), folder, passphrase=PASSPHRASE, opens=lambda *_sealed: True)
    db.session.remove()
    # Killed here: the database is in place, and no connection is paused.
    with pytest.raises(SchemaTrouble, match="did not come to its end"):
        prepare(new)
    restored(new, file)
    prepare(elsewhere("restored"))
