"""create_app: the one place that knows every part."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.config.reader import BadSetting
from portal.config.settings import Settings, load_settings
from portal.credly.client import Door
from portal.credly.links import Hosts
from portal.errors import RuleBroken
from portal.extensions import babel, csrf, db, login
from portal.mail import MailRoute
from portal.meters import Meter
from portal.models import Role
from portal.openid import Provider
from portal.pictures import PictureStore
from portal.scanning import Scanner
from portal.sealing import Sealer
from portal.services.issuing.patience import DeliveryRules
from portal.services.means import Means
from portal.services.people.sign_in_service import SignInService
from portal.services.retention import Retention
from portal.services.running import portal_settings
from portal.services.running.installation import Installation, SettingLine
from portal.services.running.known import VARIABLES, Known, PortalSettings
from portal.traffic import Traffic
from portal.web.access import same_site_only
from portal.web.blueprints import register_pages
from portal.web.compressing import add_compressing
from portal.web.doer import forget_who_asked, say_who_asks
from portal.web.errors import add_errors
from portal.web.filters import add_filters
from portal.web.headers import add_headers
from portal.web.keeping import CompiledTemplates
from portal.web.language import Catalogues, reader, time_zone_of_portal
from portal.web.portal_app import PortalApp
from portal.web.sessions import SessionInterface
from portal.web.settings_in_force import know_the_portal
from portal.web.trust import FORM_LIMIT, Id, allow_uploads, check_host, load_person
from portal.web.watching import watch

ROOT = Path(__file__).resolve().parent.parent
# In the instance folder: pictures of badges, files to import, files of courses and evidence.
FOLDERS = ("images", "uploads", "files")


def create_app(env: Mapping[str, str], instance: Path) -> Flask:
    """Build the portal from environment words. Starts nothing. Raises BadSetting."""
    settings = load_settings(env, instance)
    app = PortalApp(
        "portal",
        root_path=str(ROOT / "portal"),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        instance_path=str(settings.instance.resolve()),
    )
    app.url_map.strict_slashes = False
    app.url_map.converters["int"] = Id
    app.config.from_mapping(_flask_settings(settings))
    app.extensions["settings"] = settings
    app.extensions["means"] = make_means(settings)
    app.extensions["mail_route"] = _mail_route(settings)
    app.jinja_env.bytecode_cache = CompiledTemplates(str(_folder(settings, "compiled")))
    app.session_interface = SessionInterface()
    watch(app, app.extensions["means"].meter, behind_proxy=settings.trusted_proxies > 0)
    app.before_request(check_host)
    app.before_request(same_site_only)
    app.before_request(know_the_portal)
    app.before_request(allow_uploads)
    app.before_request(say_who_asks)
    app.teardown_request(forget_who_asked)
    _meet_extensions(app)
    add_errors(app)
    add_headers(app)
    add_compressing(app)
    add_filters(app)
    register_pages(app)
    app.wsgi_app = app.extensions["means"].traffic.watched(app.wsgi_app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
    return app


def make_means(settings: Settings) -> Means:
    """Build what services work with."""
    hosts = Hosts(frozenset(settings.credly_extra_hosts))
    pictures, uploads, files = (_folder(settings, name) for name in FOLDERS)
    store = PictureStore(pictures)
    return Means(
        door=Door(
            hosts,
            connect_timeout=min(5.0, settings.credly_deadline),
            read_timeout=min(20.0, settings.credly_deadline),
            deadline=settings.credly_deadline,
        ),
        sealer=Sealer(settings.sealing_keys),
        pictures=store,
        uploads=uploads,
        files=files,
        rules=DeliveryRules(
            lease=settings.delivery_lease,
            quiet=settings.delivery_quiet,
            patience=settings.delivery_patience,
            waits=settings.delivery_waits,
            rate=settings.credly_rate,
            slots=settings.worker_slots,
        ),
        kept=Retention(**{what: timedelta(days=n) for what, n in settings.kept_days.items()}),
        known=_known(settings, store),
        public_url=settings.public_url,
        mail_is_set_up=bool(settings.smtp_host),
        staff_second_factor=settings.staff_second_factor,
        local_sign_in=settings.local_sign_in,
        sign_in_service=_sign_in_service(settings),
        upload_limit=settings.upload_limit,
        scanner=Scanner(**vars(settings.scan)) if settings.scan else None,
        credly_trusted_hosts=hosts.trusted,
        traffic=Traffic(),
        meter=Meter(),
        metrics_token=settings.metrics_token,
        installation=_installation(settings),
    )


def _known(settings: Settings, store: PictureStore) -> Known:
    """What the portal is called and looks like until the database has been asked."""
    logo = None
    if settings.portal_logo is not None:
        try:
            logo = portal_settings.logo_of(settings.portal_logo.read_bytes(), store)
        except (OSError, RuleBroken) as exc:
            raise BadSetting(
                f"PORTAL_LOGO is {str(settings.portal_logo)!r}, which cannot be read as a PNG, JPEG"
                " or GIF of at least 32 pixels and at most 4 MiB."
            ) from exc
    given = PortalSettings(
        name=settings.portal_name,
        brand=settings.brand_colour,
        time_zone=settings.time_zone,
        logo=logo,
    )
    fixed = {field: name for field, name in VARIABLES.items() if name in settings.said}
    return Known(given, fixed)


def _folder(settings: Settings, name: str) -> Path:
    folder = settings.instance / name
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _installation(settings: Settings) -> Installation:
    return Installation(
        folder=settings.instance,
        settings=tuple(SettingLine(**vars(told)) for told in settings.told),
        unknown=settings.unknown,
        jobs=settings.jobs,
        is_plain_http=not settings.secure,
        is_local=settings.local,
    )


def _sign_in_service(settings: Settings) -> SignInService | None:
    there = settings.single_sign_on
    if there is None:
        return None
    return SignInService(
        provider=Provider(
            issuer=there.issuer,
            client_id=there.client_id,
            client_secret=there.client_secret,
            redirect_uri=f"{settings.public_url}/login/sso/answer",
            acr=there.acr,
            amr=there.amr,
        ),
        name=there.name,
        roles_claim=there.roles_claim,
        roles={word: Role(role) for word, role in there.roles},
        add_people=there.add_people,
    )


def _mail_route(settings: Settings) -> MailRoute | None:
    if not settings.smtp_host:
        return None
    return MailRoute(
        host=settings.smtp_host,
        port=settings.smtp_port,
        sender=settings.smtp_from,
        tls=settings.smtp_tls,
        user=settings.smtp_user,
        password=settings.smtp_password,
    )


def _flask_settings(settings: Settings) -> dict[str, object]:
    # The connection that was used last: it has prepared what is asked again and again, and its
    # server process has it at hand. In turn, each of twenty would have to learn it.
    engine: dict[str, object] = {"pool_size": 20, "max_overflow": 20, "pool_use_lifo": True}
    if settings.database_url.startswith("sqlite"):
        engine["connect_args"] = {"timeout": 10}
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine,
        "SESSION_COOKIE_NAME": "__Host-session" if settings.secure else "session",
        "SESSION_COOKIE_SECURE": settings.secure,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,  # the token lives as long as its session
        "MAX_CONTENT_LENGTH": FORM_LIMIT,
        "MAX_FORM_MEMORY_SIZE": FORM_LIMIT,
        "SEND_FILE_MAX_AGE_DEFAULT": 31536000,
        "PUBLIC_URL": settings.public_url,
        "SECURITY_CONTACT": settings.security_contact,
        "BABEL_DEFAULT_LOCALE": "en",
    }


def _meet_extensions(app: Flask) -> None:
    db.init_app(app)
    csrf.init_app(app)
    login.init_app(app)
    login.session_protection = None  # our own sessions are rows; nothing is guessed from headers
    login.user_loader(load_person)
    babel.init_app(
        app,
        locale_selector=reader,
        timezone_selector=time_zone_of_portal,
        default_translation_directories=str(ROOT / "portal" / "translations"),
    )
    babel.domain_instance = Catalogues()
