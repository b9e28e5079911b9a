"""What is stored. Everything that has a table can be taken from here by name."""

from portal.models.audit_entry import AuditEntry, Channel
from portal.models.engine_sign import EngineSign
from portal.models.importing.catalogue_import import CatalogueImport, SourceRecord
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
from portal.models.issuing.open_badge_record import OpenBadgeRecord, RecordState
from portal.models.issuing.public_page import PublicPage
from portal.models.issuing.sync_run import RunState, SyncRun
from portal.models.learning.apply_run import ApplyRun, ApplyState
from portal.models.learning.certification import Certification, CertificationCourse
from portal.models.learning.course import Course, Criteria, Policy
from portal.models.learning.earlier_run import (
    EarlierOutcome,
    EarlierRow,
    EarlierRun,
    EarlierState,
)
from portal.models.learning.enrolment import OPEN_ENROLMENTS, Enrolment, EnrolmentState
from portal.models.learning.evidence import Decision, Evidence
from portal.models.learning.learning_object import (
    Kind,
    LearningObject,
    LearningObjectOwner,
    ObjectState,
)
from portal.models.learning.learning_path import (
    LearningPath,
    PathLevel,
    PathSection,
    PathStep,
)
from portal.models.learning.module import Module, ModuleDone, ModuleKind
from portal.models.learning.skill import (
    CourseCredit,
    EarnedCredit,
    KeptLevel,
    ReachedLevel,
    Skill,
    SkillLevel,
    SkillState,
)
from portal.models.people.api_answer import ApiAnswer
from portal.models.people.api_token import ApiToken, Scope
from portal.models.people.group import Group, GroupMember
from portal.models.people.mail import Mail, MailState
from portal.models.people.notification import (
    Notification,
    NotificationKind,
    UnwantedMail,
)
from portal.models.people.person import Person, PersonRole, Role, Theme
from portal.models.people.second_factor import RecoveryCode, SecondFactor
from portal.models.people.sign_in import LinkPurpose, OneTimeLink, SignInBrake, SignInSession
from portal.models.people.suppressed_address import SuppressedAddress
from portal.models.setting import Setting

__all__ = [
    "CLAIMABLE",
    "OPEN",
    "OPEN_ENROLMENTS",
    "ApiAnswer",
    "ApiToken",
    "ApplyRun",
    "ApplyState",
    "AuditEntry",
    "Award",
    "AwardState",
    "Badge",
    "BadgeState",
    "BooksRun",
    "CatalogueImport",
    "Certification",
    "CertificationCourse",
    "Channel",
    "Connection",
    "ConnectionState",
    "Course",
    "CourseCredit",
    "CredlyState",
    "Criteria",
    "Decision",
    "Delivery",
    "DeliveryKind",
    "DeliveryState",
    "EarlierCredlyId",
    "EarlierOutcome",
    "EarlierRow",
    "EarlierRun",
    "EarlierState",
    "EarnedCredit",
    "EngineSign",
    "Enrolment",
    "EnrolmentState",
    "Evidence",
    "Finding",
    "Group",
    "GroupMember",
    "Held",
    "Image",
    "ImageState",
    "ImportRow",
    "ImportRun",
    "ImportState",
    "InboundEvent",
    "InboundState",
    "IssuedBadge",
    "KeptLevel",
    "Kind",
    "LearningObject",
    "LearningObjectOwner",
    "LearningPath",
    "LinkPurpose",
    "Mail",
    "MailState",
    "Module",
    "ModuleDone",
    "ModuleKind",
    "Notification",
    "NotificationKind",
    "ObjectState",
    "OneTimeLink",
    "OpenBadgeRecord",
    "Outcome",
    "PathLevel",
    "PathSection",
    "PathStep",
    "Person",
    "PersonRole",
    "Policy",
    "Provider",
    "PublicPage",
    "ReachedLevel",
    "RecordState",
    "RecoveryCode",
    "Role",
    "RunState",
    "Scope",
    "SecondFactor",
    "Setting",
    "SignInBrake",
    "SignInSession",
    "Skill",
    "SkillLevel",
    "SkillState",
    "SourceRecord",
    "SuppressedAddress",
    "SyncRun",
    "Template",
    "Theme",
    "TrailEntry",
    "UnwantedMail",
]
