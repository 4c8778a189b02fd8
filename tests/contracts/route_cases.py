"""Small applications with the routes that they really serve: `VERB path`, without HEAD and OPTIONS."""

from __future__ import annotations

from dataclasses import dataclass

FAST = "from fastapi import APIRouter, FastAPI\napp = FastAPI(openapi_url=None)\n"
FLASK = "from flask import Blueprint, Flask\napp = Flask(__name__, static_folder=None)\n"
STAR = (
    "from starlette.applications import Starlette\nfrom starlette.endpoints import HTTPEndpoint\n"
    "from starlette.routing import Mount, Route, Router, WebSocketRoute\ndef f(request): ...\n"
)


@dataclass(frozen=True)
class Case:
    name: str
    source: str
    routes: frozenset[str]
    entry: str = "main:app"
    others: tuple[tuple[str, str], ...] = ()
    """Further files."""

    @property
    def files(self) -> dict[str, str]:
        return {"main.py": self.source, **dict(self.others)}


def case(name: str, source: str, *routes: str, entry: str = "main:app", **others: str) -> Case:
    files = tuple((f"{module.replace('__', '/')}.py", text) for module, text in others.items())
    return Case(name, source, frozenset(routes), entry, files)


CASES = (
    case("a decorator", f"{FAST}@app.get('/x/{{id}}')\ndef x(id): ...\n", "GET /x/{id}"),
    case("every verb", f"{FAST}@app.post('/x')\n@app.put('/x')\n@app.delete('/x')\n@app.patch('/x')\ndef x(): ...\n",
         "POST /x", "PUT /x", "DELETE /x", "PATCH /x"),
    case("api_route", f"{FAST}@app.api_route('/x', methods=['PUT', 'POST'])\ndef x(): ...\n", "PUT /x", "POST /x"),
    case("add_api_route",
         f"{FAST}def x(): ...\napp.add_api_route('/x', x)\napp.add_api_route('/y', x, methods=['POST'])\n",
         "GET /x", "POST /y"),
    case("a web socket", f"{FAST}@app.websocket('/ws')\nasync def ws(s): ...\n", "WEBSOCKET /ws"),
    case("a router with prefixes",
         f"{FAST}r = APIRouter(prefix='/r')\n@r.get('/x')\ndef x(): ...\napp.include_router(r, prefix='/api')\n",
         "GET /api/r/x"),
    case("routers in routers",
         f"{FAST}a = APIRouter(prefix='/a')\nb = APIRouter(prefix='/b')\n@b.get('')\ndef x(): ...\n"
         "a.include_router(b)\napp.include_router(a, prefix='/v1')\napp.include_router(b)\n", "GET /v1/a/b", "GET /b"),
    case("a router that nobody includes", f"{FAST}r = APIRouter()\n@r.get('/x')\ndef x(): ...\n"),
    case("another module",
         f"{FAST}from api import routes\napp.include_router(routes.router, prefix='/api')\n", "GET /api/x",
         api____init__="",
         api__routes="from fastapi import APIRouter\nrouter = APIRouter()\n@router.get('/x')\ndef x(): ...\n"),
    case("a factory", "from fastapi import FastAPI\ndef create():\n    app = FastAPI(openapi_url=None)\n"
         "    @app.get('/x')\n    def x(): ...\n    return app\napp = create()\n", "GET /x"),
    case("a factory that the server calls", "from fastapi import FastAPI\ndef create():\n"
         "    app = FastAPI(openapi_url=None)\n    app.add_api_route('/x', lambda: 1)\n    return app\n",
         "GET /x", entry="main:create"),
    case("a loop", f"{FAST}def x(): ...\nfor name in ('a', 'b'):\n    app.add_api_route(f'/{{name}}', x)\n",
         "GET /a", "GET /b"),
    case("a loop over routers",
         f"{FAST}a = APIRouter()\nb = APIRouter()\na.add_api_route('/a', lambda: 1)\nb.add_api_route('/b', lambda: 1)\n"
         "for router in [a, b]:\n    app.include_router(router, prefix='/r')\n", "GET /r/a", "GET /r/b"),
    case("a constant prefix", f"{FAST}API = '/api'\nr = APIRouter()\n@r.get('/x')\ndef x(): ...\n"
         "app.include_router(r, prefix=f'{API}/v1')\n", "GET /api/v1/x"),
    case("a class of its own",
         f"{FAST}class R(APIRouter):\n    def __init__(self, name):\n        super().__init__(prefix='/' + name)\n"
         "r = R('items')\nr.add_api_route('/x', lambda: 1)\napp.include_router(r)\n", "GET /items/x"),
    case("a class without a constructor",
         f"{FAST}class R(APIRouter): ...\nr = R(prefix='/p')\n"
         "r.add_api_route('/x', lambda: 1)\napp.include_router(r)\n",
         "GET /p/x"),
    case("the router of the application", f"{FAST}app.router.add_api_route('/x', lambda: 1)\n", "GET /x"),
    case("the pages of FastAPI", "from fastapi import FastAPI\napp = FastAPI(redoc_url=None)\n",
         "GET /openapi.json", "GET /docs", "GET /docs/oauth2-redirect"),
    case("a mounted application",
         f"{FAST}sub = FastAPI(openapi_url=None)\n@sub.get('/x')\ndef x(): ...\napp.mount('/sub', sub)\n",
         "ANY /sub", "GET /sub/x"),
    case("routes of Starlette",
         f"{STAR}app = Starlette(routes=[Route('/a', f), Route('/b', f, methods=['POST']), WebSocketRoute('/ws', f),\n"
         "    Mount('/m', routes=[Route('/c', f)])])\n",
         "GET /a", "POST /b", "WEBSOCKET /ws", "ANY /m", "GET /m/c"),
    case("add_route of Starlette", f"{STAR}app = Starlette()\napp.add_route('/a', f)\napp.add_route('/b', f, ['PUT'])\n"
         "app.mount('/m', Router([Route('/c', f)]))\n", "GET /a", "PUT /b", "ANY /m", "GET /m/c"),
    case("a decorator of Flask", f"{FLASK}@app.route('/x/<int:id>', methods=['GET', 'POST'])\ndef x(id): ...\n"
         "@app.post('/y')\ndef y(): ...\n@app.route('/z/')\ndef z(): ...\n",
         "GET /x/<int:id>", "POST /x/<int:id>", "POST /y", "GET /z/"),
    case("add_url_rule", f"{FLASK}app.add_url_rule('/x', 'x', lambda: 1)\ndef y(): ...\n"
         "app.add_url_rule('/y', view_func=y, methods=('PUT',))\n", "GET /x", "PUT /y"),
    case("a blueprint", f"{FLASK}b = Blueprint('b', __name__, url_prefix='/b')\n@b.route('/x')\ndef x(): ...\n"
         "@b.route('')\ndef y(): ...\napp.register_blueprint(b)\n", "GET /b/x", "GET /b"),
    case("a blueprint with another prefix", f"{FLASK}b = Blueprint('b', __name__, url_prefix='/b')\n@b.route('/x')\n"
         "def x(): ...\napp.register_blueprint(b, url_prefix='/c/')\n", "GET /c/x"),
    case("blueprints in blueprints", f"{FLASK}a = Blueprint('a', __name__, url_prefix='/a')\n"
         "b = Blueprint('b', __name__, url_prefix='/b')\n@b.get('/x')\ndef x(): ...\n"
         "a.register_blueprint(b)\napp.register_blueprint(a)\n", "GET /a/b/x"),
    case("a view of methods",
         f"{FLASK}from flask.views import MethodView\nclass V(MethodView):\n    def get(self): ...\n"
         "    def delete(self): ...\napp.add_url_rule('/v', view_func=V.as_view('v'))\n", "GET /v", "DELETE /v"),
    case("folders of Flask", "from flask import Flask\napp = Flask(__name__)\n", "GET /static/<path:filename>"),
    case("a method that registers", f"{FLASK}class Web:\n    def __init__(self, app):\n        self.app = app\n"
         "    def start(self):\n        self.app.add_url_rule('/x', 'x', lambda: 1)\nWeb(app).start()\n", "GET /x"),
)  # fmt: skip
