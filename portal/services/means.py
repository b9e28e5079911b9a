"""What use cases work with beside the database: built by the factory, passed down as values."""

from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from portal.credly.client import Door
from portal.meters import Meter
from portal.pictures import PictureStore
from portal.scanning import Scanner
from portal.sealing import Sealer
from portal.services.issuing.patience import DeliveryRules
from portal.services.people.sign_in_service import SignInService
from portal.services.retention import Retention
from portal.services.running.installation import Installation
from portal.services.running.known import Known
from portal.traffic import Traffic


@dataclass(frozen=True)
class Means:
    """The door to Credly, the key ring, the folders, the figures of delivery and of keeping."""

    door: Door
    sealer: Sealer
    pictures: PictureStore
    uploads: Path
    files: Path
    rules: DeliveryRules
    kept: Retention
    known: Known
    public_url: str
    mail_is_set_up: bool
    staff_second_factor: bool
    local_sign_in: bool
    sign_in_service: SignInService | None
    upload_limit: int
    scanner: Scanner | None
    credly_trusted_hosts: frozenset[str]
    traffic: Traffic
    meter: Meter
    metrics_token: str = field(repr=False)
    installation: Installation

    @property
    def portal_name(self) -> str:
        """What the portal is called now."""
        return self.known.now.name

    @property
    def time_zone(self) -> ZoneInfo:
        """The time zone in which days and months are counted now."""
        return self.known.now.time_zone

    def printed_logo(self) -> Path | None:
        """Return the file of the portal's logo for cards and certificates, if it has one."""
        logo = self.known.now.logo
        return self.pictures.path(logo.printed) if logo else None
