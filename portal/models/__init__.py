"""What is stored. Everything that has a table can be taken from here by name."""

from portal.models.importing.import_run import ImportRow, ImportRun, ImportState, Outcome
from portal.models.issuing.award import Award, AwardState
from portal.models.issuing.badge import Badge, BadgeState, Provider, Template
from portal.models.issuing.books_run import BooksRun, Finding
from portal.models.issuing.connection import Connection, ConnectionState
from portal.models.issuing.delivery import (
    CLAIMABLE,
    OPEN,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Held,
    TrailEntry,
)
from portal.models.issuing.image import Image, ImageState
from portal.models.issuing.inbound import InboundEvent, InboundState
from portal.models.issuing.issued_badge import CredlyState, EarlierCredlyId, IssuedBadge
from portal.models.issuing.sync_run import RunState, SyncRun
from portal.models.learning.course import Course
from portal.models.learning.enrolment import Enrolment, EnrolmentState
from portal.models.learning.learning_object import (
    Kind,
    LearningObject,
    LearningObjectOwner,
    ObjectState,
)
from portal.models.learning.skill import Skill, SkillLevel, SkillState
from portal.models.people.mail import Mail, MailState
from portal.models.people.person import Person, PersonRole, Role, Theme
from portal.models.people.sign_in import LinkPurpose, OneTimeLink, SignInBrake, SignInSession
from portal.models.setting import Setting

__all__ = [
    "CLAIMABLE",
    "OPEN",
    "Award",
    "AwardState",
    "Badge",
    "BadgeState",
    "BooksRun",
    "Connection",
    "ConnectionState",
    "Course",
    "CredlyState",
    "Delivery",
    "DeliveryKind",
    "DeliveryState",
    "EarlierCredlyId",
    "Enrolment",
    "EnrolmentState",
    "Finding",
    "Held",
    "Image",
    "ImageState",
    "ImportRow",
    "ImportRun",
    "ImportState",
    "InboundEvent",
    "InboundState",
    "IssuedBadge",
    "Kind",
    "LearningObject",
    "LearningObjectOwner",
    "LinkPurpose",
    "Mail",
    "MailState",
    "ObjectState",
    "OneTimeLink",
    "Outcome",
    "Person",
    "PersonRole",
    "Provider",
    "Role",
    "RunState",
    "Setting",
    "SignInBrake",
    "SignInSession",
    "Skill",
    "SkillLevel",
    "SkillState",
    "SyncRun",
    "Template",
    "Theme",
    "TrailEntry",
]
