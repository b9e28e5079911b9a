"""What imports say: why a file or a row is refused, and what is worth a look."""

from flask_babel import lazy_gettext as _l

WORDS = {
    # about the file
    "import_choose_file": _l("Choose a file."),
    "import_one_file": _l("Choose one file at a time."),
    "import_not_csv_name": _l(
        "The name of the file does not end in .csv or .zip. Save it as CSV UTF-8 and choose that"
        " file."
    ),
    "import_no_zip": _l("A zip cannot be taken here. Choose the CSV file itself."),
    "import_zip_broken": _l(
        "The zip cannot be read: it is damaged, or is no zip. Make it again and upload that one."
    ),
    "import_zip_entries": _l("The zip has more than %(most)s entries. Split it into several."),
    "import_zip_too_large": _l(
        "Unpacked, the zip has more than %(most)s MiB. Split it into several."
    ),
    "import_zip_csv_too_large": _l(
        "Unpacked, the CSV file in the zip has more than %(most)s MiB. Split it into several."
    ),
    "import_zip_without": _l("There is no %(file)s in the zip."),
    "import_zip_twice": _l("There is more than one %(file)s in the zip: %(paths)s. Keep one."),
    "import_zip_locked": _l(
        "%(file)s in the zip is a link, is locked with a password, or is packed in an unusual way."
        " Make the zip again, without a password."
    ),
    "import_zip_unread": _l(
        "Also in the zip, and not imported here: %(files)s. An administrator imports a whole"
        " catalogue under Imports."
    ),
    "import_too_large": _l(
        "The file is larger than %(most)s MiB. Split it into several and import them one after the"
        " other."
    ),
    "import_empty": _l("The file is empty."),
    "import_spreadsheet": _l(
        "This is a spreadsheet or an archive, not a CSV file. Open it in its own program and save"
        " it as CSV UTF-8."
    ),
    "import_web_page": _l(
        "This is a web page, not a CSV file. Perhaps a sign-in page was saved in its place:"
        " download the file again."
    ),
    "import_binary": _l("This is a picture, a document or a program, not a CSV file."),
    "import_utf16_unmarked": _l(
        "The file is UTF-16 without its mark, or UTF-32. Save it as CSV UTF-8."
    ),
    "import_bad_byte": _l(
        "The byte at offset %(offset)s, in line %(line)s, is not %(encoding)s. Save the file as CSV"
        " UTF-8."
    ),
    "import_nul": _l(
        "Line %(line)s holds a NUL character, which no text has. Export the file again."
    ),
    "import_separator": _l(
        "The columns are separated by %(separator)s. Use a comma, a semicolon or a tab."
    ),
    "import_row_too_long": _l(
        "The row in line %(line)s has more than %(most)s characters. Perhaps a line break is"
        " missing, or a quotation mark."
    ),
    "import_quote_open": _l(
        "The quotation mark that opens in line %(line)s is never closed. Close it, or double it if"
        " it belongs to the text."
    ),
    "import_quote_broken": _l(
        "The quoted cell that begins in line %(line)s does not end where a cell ends. A quotation"
        ' mark inside a quoted cell is written twice, like "".'
    ),
    "import_too_many_rows": _l(
        "The file has more than %(most)s rows. Split it into several and import them one after the"
        " other."
    ),
    "import_columns_twice": _l("Given more than once: %(columns)s. Keep one column of each."),
    "import_columns_missing": _l(
        "Missing columns: %(columns)s. The first row of the file must name them."
    ),
    "import_column_invisible": _l(
        "Unknown column: in the name %(column)s an invisible character (%(sign)s) is hidden."
        " Type the first row anew."
    ),
    "import_other_file": _l(
        "These are the columns of %(file)s. badge.csv comes in under Badges, people.csv under"
        " People, and every other file in one zip under Imports, Import a catalogue."
    ),
    "import_no_rows": _l("The file has no rows below its first one. Nothing will be changed."),
    "import_separator_line": _l("The line “sep=%(separator)s” was understood and skipped."),
    "import_did_you_mean": _l("Unknown column %(found)s. Did you mean %(meant)s?"),
    "import_credly_silent": _l(
        "Credly could not be asked for every template. The rows concerned are unchecked; the next"
        " sync checks them."
    ),
    "import_file_gone": _l("The uploaded file is not there any more. Upload it again."),
    "import_interrupted": _l(
        "The import was interrupted several times. What is in stays in; it can go on."
    ),
    "import_storage": _l(
        "The disk or the database took no more. What is in stays in; make room, then let it go on."
    ),
    "import_not_ready": _l("This import cannot be started now. Look at its state."),
    "import_nothing_to_start": _l("There is no row to import."),
    "import_not_open": _l("This import is over; there is nothing to cancel."),
    # about a row
    "import_row_cells": _l(
        "The row has %(found)s cells, the first row of the file %(wanted)s. A cell that holds the"
        " separator stands in quotation marks."
    ),
    "import_row_quote": _l(
        "A quotation mark stands inside a cell that is not quoted. Quote the whole cell and write"
        " the mark twice."
    ),
    "import_cell_too_long": _l("The cell has more than %(most)s characters."),
    "import_cell_missing": _l("The cell is empty, but a value is needed."),
    "import_date": _l(
        "This is not a moment like 2016-08-17T08:56:21.000Z. Spreadsheets rewrite such cells unless"
        " the column is formatted as text."
    ),
    "import_date_range": _l("The moment must lie between 1981-01-01 and 2038-01-19."),
    "import_date_future": _l("The moment lies in the future."),
    "import_state": _l("The state must be Active or Retired."),
    "import_provider": _l("This provider is not known. Known providers: Credly."),
    "import_id_without_provider": _l(
        "externalBadgeId is given without externalBadgeProvider. Give both or neither."
    ),
    "import_provider_without_id": _l(
        "externalBadgeProvider is given without externalBadgeId. Give both or neither."
    ),
    "import_id_twice": _l("This ID stands in line %(line)s already, with other content."),
    "import_id_repeated": _l("The same row stands in line %(line)s already; it counts once."),
    "import_id_spreadsheet": _l(
        "A spreadsheet may have changed this ID, or may change it when it opens the file. Compare"
        " it with the source."
    ),
    "import_name_long": _l(
        "The name is longer than the %(most)s characters of the published format. It is kept whole."
    ),
    "import_image_path": _l(
        "This is neither a path inside the upload nor a web address. Write images/badge.png or"
        " https://…"
    ),
    "import_image_none": _l(
        "No picture is given. The badge shows its template's picture, or a drawn one."
    ),
    "import_image_not_here": _l(
        "The picture is not in the upload. The badge shows its template's picture, or a drawn one,"
        " until one is added."
    ),
    "import_picture_link": _l(
        "In the zip this is a link or a folder, or it is locked or packed in an unusual way. Put"
        " the picture itself there: PNG, JPEG or GIF, at least 250×250 pixels."
    ),
    "import_picture_no_image": _l(
        "This file in the zip is not a picture that is taken. Use PNG, JPEG or GIF, at least"
        " 250×250 pixels."
    ),
    "import_picture_small": _l(
        "The picture is too small. Use PNG, JPEG or GIF, at least 250×250 pixels."
    ),
    "import_picture_large": _l(
        "The picture is too large. Use PNG, JPEG or GIF, at least 250×250 and at most 4,096×4,096"
        " pixels; as progressive JPEG at most 2,800×2,800."
    ),
    "import_picture_broken": _l(
        "The picture is damaged. Save it again as PNG, JPEG or GIF, at least 250×250 pixels."
    ),
    "import_template_twice": _l("The badge in line %(line)s already stands for this template."),
    "import_template_not_active": _l(
        "The template is %(state)s at Credly. What people earn waits until it is active."
    ),
    "import_template_name": _l("At Credly the template is called %(name)s."),
    "import_unchecked": _l("The template was not checked at Credly; the next sync checks it."),
    "import_retired_attached": _l("Retired, but still attached to: %(objects)s."),
    "import_reference": _l(
        "%(id)s is not in this upload's %(file)s (or was refused there), nor in the portal."
    ),
    "import_number": _l("This must be a whole number from %(least)s to %(most)s."),
    "import_choice": _l("This must be one of: %(known)s."),
    "import_criteria": _l(
        "This must be ALL, SELECTEDMODULES or how many modules it takes, at most %(most)s."
    ),
    "import_one_member": _l("Name either a course or a learning program, and not both."),
    "import_nesting": _l(
        "A learning path within a path can hold no further path: there is one level only."
    ),
    "import_module_kept": _l(
        "Only modules of the type CONTENT count for a course. This one is kept in the record."
    ),
    "import_not_default_instance": _l(
        "The badge of the first active instance counts; this one is kept in the record."
    ),
    "import_web_address": _l("This must be a web address that begins with https:// or http://."),
    "import_grade_not_started": _l("What is completed or has success must have been started."),
    "import_zip_no_catalogue": _l(
        "The zip holds none of the files of a catalogue. Their names must be exactly as listed."
    ),
    "import_catalogue_is_zip": _l("A catalogue comes in one .zip with its files."),
    "import_role": _l(
        "The role %(role)s is not known. Roles are admin, integration_admin, author and learner,"
        " with | or , between them."
    ),
    "import_locale": _l("This language is not known. Languages are: %(known)s."),
    "import_own_admin": _l(
        "You cannot take the role admin away from yourself. Another administrator can."
    ),
    "export_too_many_pictures": _l(
        "The pictures are more than a zip for importing may hold (%(most)s). Export badge.csv"
        " alone, and copy the folder of pictures."
    ),
    "nobody_to_invite": _l("Everybody whom this import has added is invited or has a password."),
    "import_person_off": _l("This account is switched off, and stays so."),
}
