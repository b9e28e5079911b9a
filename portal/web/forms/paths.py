"""Forms about learning paths."""

from portal.web.forms.objects import ObjectForm


class PathForm(ObjectForm):
    """What an author writes about a path; its steps have a page of their own."""
