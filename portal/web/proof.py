"""What machines read on a public page: the badge as linked data (schema.org)."""

from typing import Any

from portal.services.issuing.public_pages import Facts


def json_ld(facts: Facts, address: str) -> dict[str, Any]:
    """Return the badge as an EducationalOccupationalCredential.

    https://schema.org/EducationalOccupationalCredential
    """
    said: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "EducationalOccupationalCredential",
        "credentialCategory": "badge",
        "name": facts.badge.name,
        "url": address,
        "image": f"{address}/card.png",
        "dateCreated": facts.earned_at.date().isoformat(),
        "recognizedBy": {"@type": "Organization", "name": facts.issuer},
        "about": {"@type": "Person", "name": facts.holder},
    }
    template = facts.badge.template
    if template and template.description:
        said["description"] = template.description
    if template and template.skills:
        said["competencyRequired"] = list(template.skills)
    if facts.expires_at:
        said["expires"] = facts.expires_at.date().isoformat()
    if facts.credly_url:
        said["sameAs"] = facts.credly_url
    return said
