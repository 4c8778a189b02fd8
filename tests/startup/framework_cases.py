"""Small projects that a framework starts, with what it loads; `test_frameworks` asks the tool and the frameworks."""

from __future__ import annotations

from dataclasses import dataclass, field

MANAGE = """
import os
import sys

def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "proj.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError as exc:
        raise ImportError("Couldn't import Django.") from exc
    execute_from_command_line(sys.argv)

if __name__ == "__main__":
    main()
"""
SERVER = """
import os
from django.core.{0} import get_{0}_application
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "proj.settings")
application = get_{0}_application()
"""
SETTINGS = """
SECRET_KEY = "x"
ROOT_URLCONF = "proj.urls"
USE_TZ = True
INSTALLED_APPS = ["django.contrib.contenttypes", "app"]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware", "proj.middleware.Mine"]
"""
MIDDLEWARE = """
from app import tools

class Mine:
    def __init__(self, get_response):
        from app import late
"""
APPS = """
from django.apps import AppConfig

class Cfg(AppConfig):
    name = "app"
    def ready(self):
        from app import signals
"""
BASE = {
    "manage.py": MANAGE,
    "proj/__init__.py": "",
    "proj/settings.py": SETTINGS,
    "proj/urls.py": "from django.urls import include, path\nurlpatterns = [path('', include('app.urls'))]\n",
    "proj/wsgi.py": SERVER.format("wsgi"),
    "proj/asgi.py": SERVER.format("asgi"),
    "proj/middleware.py": MIDDLEWARE,
    "app/__init__.py": "",
    "app/models.py": "",
    "app/admin.py": "",
    "app/urls.py": "from app import views\nurlpatterns = []\n",
    "app/views.py": "",
    "app/tools.py": "",
    "app/late.py": "",
    "app/signals.py": "",
}
SETUP = "app app.models proj proj.settings"
CHECK = f"{SETUP} app.urls app.views proj.urls"
SERVE = f"{SETUP} app.late app.tools proj.middleware"


def settings(text: str) -> dict[str, str]:
    """The base project with more in its settings."""
    return {**BASE, "proj/settings.py": SETTINGS + text}


@dataclass(frozen=True)
class Case:
    """`via` and `target` as an entry point has them; `loads` are the first-party modules, `fails` what is missing."""

    id: str
    via: str
    target: str
    loads: str = ""
    fails: str = ""
    at: str = ""
    files: dict[str, str] = field(default_factory=lambda: BASE)
    settings: str = ""


def django(name: str, via: str, **more: object) -> Case:
    target = "manage.py" if via == "manage" else f"proj.{via}:application"
    loads = more.pop("loads", "")
    if via != "manage" and loads:
        loads = f"{loads} proj.{via}"
    return Case(f"Django: {name}", via, target, str(loads), **more)  # type: ignore[arg-type]


DJANGO = [
    django("check", "manage", loads=CHECK),
    django("wsgi makes middleware", "wsgi", loads=SERVE),
    django("asgi", "asgi", loads=SERVE),
    django("an AppConfig by its path", "manage", loads=f"{CHECK} app.apps app.signals",
           files={**settings("INSTALLED_APPS = ('app.apps.Cfg',)"), "app/apps.py": APPS}),
    django("the AppConfig of apps.py", "manage", loads=f"{CHECK} app.apps app.signals",
           files={**BASE, "app/apps.py": APPS}),
    django("two, one of them the default", "manage", loads=f"{CHECK} app.apps",
           files={**BASE, "app/apps.py": APPS + "\nclass Other(Cfg):\n    default = True\n    def ready(self): ...\n"}),
    django("two, none of them the default", "manage", loads=f"{CHECK} app.apps",
           files={**BASE, "app/apps.py": APPS + "\nclass Other(Cfg): ...\n"}),
    django("not the default", "manage", loads=f"{CHECK} app.apps",
           files={**BASE, "app/apps.py": APPS + "    default = False\n"}),
    django("admin is looked for", "manage", loads=f"{CHECK} app.admin",
           files=settings(
               "INSTALLED_APPS = ['django.contrib.admin', 'django.contrib.auth', 'django.contrib.messages',"
               " 'django.contrib.sessions', *INSTALLED_APPS]\n"
               "MIDDLEWARE = []\nSILENCED_SYSTEM_CHECKS = ['admin.E403', 'admin.E408', 'admin.E409', 'admin.E410']\n")),
    django("apps are added", "manage", loads=f"{CHECK} more",
           files={**settings("INSTALLED_APPS += ['more']"), "more/__init__.py": ""}),
    django("settings beside others", "manage", loads=f"{CHECK} proj.base",
           files={**BASE, "proj/base.py": SETTINGS, "proj/settings.py": "from proj.base import *\nDEBUG = True\n"}),
    django("the environment says which settings", "wsgi", loads=f"{SERVE} proj.prod".replace("proj.settings ", ""),
           files={**BASE, "proj/prod.py": SETTINGS}, settings="proj.prod"),
    django("settings that are configured by hand", "wsgi", loads="proj",
           files={**BASE, "proj/wsgi.py": "from django.conf import settings\nsettings.configure()\n"
                  "import django\ndjango.setup()\napplication = 1\n"}),
    django("import_string", "wsgi", loads=f"{SERVE} app.views",
           files={**BASE, "app/views.py": "x = 1", "proj/wsgi.py": SERVER.format("wsgi")
                  + "\nfrom django.utils.module_loading import import_string\nimport_string('app.views.x')\n"}),
    django("a guard around it", "wsgi", loads="app app.tools proj proj.settings",
           files={**settings("INSTALLED_APPS += ['app.gone']"), "proj/wsgi.py": "import os\n"
                  "os.environ['DJANGO_SETTINGS_MODULE'] = 'proj.settings'\nimport django\n"
                  "try:\n    django.setup()\nexcept ImportError:\n    from app import tools\napplication = 1\n"}),
    django("an application that is gone", "manage", fails="app.gone", at="proj/settings.py:8",
           files=settings("\nINSTALLED_APPS += ['app.gone']")),
    django("an AppConfig that is gone", "wsgi", fails="app.apps.Gone", at="proj/settings.py:7",
           files={**settings("INSTALLED_APPS = [\n    'app.apps.Gone',\n]"), "app/apps.py": APPS}),
    django("an apps.py that is gone", "wsgi", fails="app.apps.Cfg", at="proj/settings.py:7",
           files=settings("INSTALLED_APPS = ['app.apps.Cfg']")),
    django("an AppConfig with the old name", "manage", fails="app.old", at="app/apps.py:5",
           files={**BASE, "app/apps.py": APPS.replace('"app"', '"app.old"')}),
    django("URLs that are gone", "manage", fails="proj.gone", at="proj/settings.py:7",
           files=settings("ROOT_URLCONF = 'proj.gone'")),
    django("URLs that are gone do not stop a server", "wsgi", loads=SERVE,
           files=settings("ROOT_URLCONF = 'proj.gone'")),
    django("included URLs that are gone", "manage", fails="app.gone", at="proj/urls.py:2",
           files={**BASE, "proj/urls.py": "from django.urls import include, path\n"
                  "urlpatterns = [path('', include('app.gone'))]\n"}),
    django("a middleware that is gone", "wsgi", fails="proj.middleware.Gone", at="proj/settings.py:7",
           files=settings("MIDDLEWARE = ['proj.middleware.Gone']")),
    django("a middleware that is gone does not stop a check", "manage", loads=CHECK,
           files=settings("MIDDLEWARE = ['proj.middleware.Gone']")),
    django("settings that are gone", "wsgi", fails="proj.gone", at="proj/wsgi.py:4",
           files={**BASE, "proj/wsgi.py": SERVER.format("wsgi").replace("proj.settings", "proj.gone")}),
    django("models that lack a name", "manage", fails="Gone", at="app/models.py:1",
           files={**BASE, "app/models.py": "from app.tools import Gone"}),
    django("ready that lacks a module", "wsgi", fails="app.gone", at="app/apps.py:7",
           files={**BASE, "app/apps.py": APPS.replace("from app import signals", "import app.gone")}),
    django("somebody else's application", "manage", loads=CHECK,
           files=settings("INSTALLED_APPS += ['django.contrib.sites']\nSITE_ID = 1")),
]  # fmt: skip

CELERY_APP = "from celery import Celery\napp = Celery('proj', broker='memory://')\n"
WORKER = {
    "proj/__init__.py": "",
    "proj/celery.py": CELERY_APP,
    "proj/tasks.py": "",
    "proj/conf.py": "",
    "other/__init__.py": "",
    "other/jobs.py": "",
}


def celery(text: str) -> dict[str, str]:
    return {**WORKER, "proj/celery.py": CELERY_APP + text}


CELERY = [
    Case("Celery: the submodule celery", "celery", "proj", "proj proj.celery", files=WORKER),
    Case("Celery: a module", "celery", "proj.celery", "proj proj.celery", files=WORKER),
    Case("Celery: module:attribute", "celery", "proj.celery:app", "proj proj.celery", files=WORKER),
    Case("Celery: a package that has it", "celery", "proj", "proj proj.celery",
         files={**WORKER, "proj/__init__.py": "from .celery import app"}),
    Case("Celery: include", "celery", "proj", "proj proj.celery proj.tasks",
         files={**WORKER, "proj/celery.py": CELERY_APP.replace("'proj',", "'proj', include=['proj.tasks'],")}),
    Case("Celery: autodiscover", "celery", "proj", "other proj proj.celery proj.tasks",
         files=celery("app.autodiscover_tasks(['proj', 'other'])")),
    Case("Celery: autodiscover another name", "celery", "proj", "other other.jobs proj proj.celery",
         files=celery("app.autodiscover_tasks(['proj', 'other'], related_name='jobs')")),
    Case("Celery: configuration", "celery", "proj", "proj proj.celery proj.conf",
         files=celery("app.config_from_object('proj.conf')")),
    Case("Celery: in a Django project", "celery", "proj", f"{CHECK} app.tasks proj.celery",
         files={**BASE, "app/tasks.py": "",
                "proj/celery.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'proj.settings')\n"
                + CELERY_APP + "app.config_from_object('django.conf:settings', namespace='CELERY')\n"
                "app.autodiscover_tasks()\n"}),
    Case("Celery: include that is gone", "celery", "proj", fails="proj.gone", at="proj/celery.py:2",
         files={**WORKER, "proj/celery.py": CELERY_APP.replace("'proj',", "'proj', include=['proj.gone'],")}),
    Case("Celery: tasks that lack a module", "celery", "proj", fails="proj.gone", at="proj/tasks.py:1",
         files={**celery("app.autodiscover_tasks(['proj'])"), "proj/tasks.py": "import proj.gone"}),
    Case("Celery: an attribute that is gone", "celery", "proj.celery:gone", fails="gone", at="Procfile:1",
         files=WORKER),
    Case("Celery: a module that is gone", "celery", "proj.gone", fails="proj.gone", at="Procfile:1", files=WORKER),
]  # fmt: skip

FACTORY = "def create_app(name='x'):\n    from web import routes\n    return lambda *args: name\n"
WEB = {"web/__init__.py": "", "web/routes.py": "", "web/main.py": FACTORY}
FLASK = FACTORY.replace("lambda *args: name", "Flask(name)").replace("def", "from flask import Flask\ndef")
SERVERS = [
    Case("uvicorn: a factory", "uvicorn", "web.main:create_app()", "web web.main web.routes", files=WEB),
    Case("uvicorn: a function is called", "uvicorn", "web.main:create_app", "web web.main web.routes", files=WEB),
    Case("uvicorn: an application is not", "uvicorn", "web.main:app", "web web.main",
         files={**WEB, "web/main.py": "async def app(scope, receive, send):\n    from web import routes\n"}),
    Case("uvicorn: an attribute that is gone", "uvicorn", "web.main:gone", fails="gone", at="Procfile:1", files=WEB),
    Case("uvicorn: a factory that lacks a module", "uvicorn", "web.main:create_app()", fails="web.gone",
         at="web/main.py:2",
         files={**WEB, "web/main.py": FACTORY.replace("from web import routes", "import web.gone")}),
    Case("gunicorn: a factory", "gunicorn", "web.main:create_app()", "web web.main web.routes", files=WEB),
    Case("gunicorn: a factory with arguments", "gunicorn", "web.main:create_app('y')", "web web.main web.routes",
         files=WEB),
    Case("gunicorn: an object", "gunicorn", "web.main:create_app", "web web.main", files=WEB),
    Case("gunicorn: an attribute that is gone", "gunicorn", "web.main:gone", fails="gone", at="Procfile:1", files=WEB),
    Case("Flask: a factory is found", "flask", "web.main", "web web.main web.routes",
         files={**WEB, "web/main.py": FLASK}),
    Case("Flask: an application is taken first", "flask", "web.main", "web web.main",
         files={**WEB, "web/main.py": FLASK + "app = Flask('y')\n"}),
    Case("Flask: a factory by name", "flask", "web.main:create_app('y')", "web web.main web.routes",
         files={**WEB, "web/main.py": FLASK}),
    Case("Flask: an attribute that is gone", "flask", "web.main:gone", fails="gone", at="Procfile:1",
         files={**WEB, "web/main.py": FLASK}),
]  # fmt: skip
CASES = [*DJANGO, *CELERY, *SERVERS]
