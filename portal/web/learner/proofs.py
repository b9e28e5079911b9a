"""What a learner takes along of their badges, as files."""

from flask import Response, stream_with_context
from flask_login import current_user

from portal.errors import NotFound
from portal.services.issuing import awards, open_badges, proofs, public_pages
from portal.services.issuing.proofs import Proof
from portal.web.access import page
from portal.web.certificates import words_for
from portal.web.means import means

bp = page("proofs", prefix="/badges")


@bp.get("/<int:award_id>/certificate.pdf")
def certificate(award_id: int) -> Response:
    award = awards.get_for_learner(current_user, award_id)
    return _file(proofs.certificate_of(award, words_for(award, public_pages.of_award(award))))


@bp.get("/<int:award_id>/open-badge.json")
def record(award_id: int) -> Response:
    award = awards.get_for_learner(current_user, award_id)
    return _file(proofs.record_of(award, open_badges.of_issued(award.issued_badge)))


@bp.get("/<int:award_id>/picture.png")
def picture(award_id: int) -> Response:
    return _file(proofs.picture_of(awards.get_for_learner(current_user, award_id), means()))


@bp.get("/all.zip")
def everything() -> Response:
    pieces = proofs.all_of(current_user._get_current_object(), means(), words_for)
    return Response(
        stream_with_context(pieces),
        content_type="application/zip",
        headers={"Content-Disposition": 'attachment; filename="badges.zip"'},
    )


def _file(proof: Proof | None) -> Response:
    if proof is None:
        raise NotFound
    answer = Response(proof.content, content_type=proof.kind)
    answer.headers.set("Content-Disposition", "attachment", filename=proof.name)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
