"""What command lines start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merge_guard.deploy.commands import Start, starts
from merge_guard.model.outcome import EntryKind


def short(start: Start) -> str:
    """`via target`, then ` in` the search path where it is not the usual one, ` ?` where it is not certain."""
    usual: tuple[str, ...] = ("",)
    target = start.module
    if start.kind is EntryKind.SCRIPT:
        usual = (start.module.rpartition("/")[0],)
    elif start.kind is EntryKind.MODULE:
        target = f"-m {target}"
    if start.attr:
        target += f":{start.attr}"
    target += start.call
    where = "" if start.search == usual else f" in {','.join(path or '.' for path in start.search) or '-'}"
    settings = f" with {start.settings}" if start.settings else ""
    return f"{start.via} {target}{where}{settings}{'' if start.certain else ' ?'}"


def found(
    command: str | Sequence[str],
    env: Mapping[str, str] | None = None,
    cwd: str = "",
    files: Mapping[str, str] | None = None,
    scripts: Mapping[str, str] | None = None,
) -> list[str]:
    return [short(start) for start in starts(command, env or {}, cwd, (files or {}).get, scripts)]


PYTHON = [
    ("python app.py", "python app.py"),
    ("python3 app/run.py --port 80", "python app/run.py"),
    ("/usr/local/bin/python3.11 -u -X dev -W ignore run.py", "python run.py"),
    (".venv/bin/python -Wd -OO run.py", "python run.py"),
    ("python -m pkg.mod arg", "python -m pkg.mod"),
    ("python -mpkg", "python -m pkg"),
    ("python -um pkg", "python -m pkg"),
    ("python -I -m pkg", "python -m pkg in -"),
    ("pypy3 x.py", "python x.py"),
    ("PYTHONPATH=src:lib python -m pkg", "python -m pkg in .,src,lib"),
    ("PYTHONSAFEPATH=1 python -m pkg", "python -m pkg in -"),
    ("python -c 'import a.b, c as d; from e import f'", "python a.b|python c|python e:f"),
    ("python -c 'import a; print(a.x); import b'", "python a"),
    ("python -c 'print(1)'", ""),
    ("python -m http.server 80", ""),
    ("python -m json.tool", ""),
    ("python", ""),
    ("python -", ""),
    ("python - <<EOF\nimport x\nEOF", ""),
    ("python bin/tool", ""),
    ("python *.py", ""),
    ("./manage.py migrate", "python manage.py"),
    ("python 'my app.py'", "python my app.py"),
    ("python ../other/run.py", ""),
    ("python /srv/run.py", "python /srv/run.py"),
    ("python $SCRIPT", ""),
    ("python $OPTIONS run.py", ""),
    ("python -m uvicorn a:b", "uvicorn a:b"),
    ("python -m gunicorn a", "gunicorn a:application"),
    ("python -m debugpy --listen 0.0.0.0:5678 -m uvicorn a:b", "uvicorn a:b"),
    ("python -m debugpy --listen 5678 --wait-for-client run.py -x", "python run.py"),
    ("python -m poetry run python x.py", "python x.py"),
    ("python --version", ""),
    ("python -Z x.py", ""),
]
SERVERS = [
    ("uvicorn app.main:app", "uvicorn app.main:app"),
    ("uvicorn --host 0.0.0.0 --port $PORT app.main:app --reload", "uvicorn app.main:app"),
    ("uvicorn --proxy-headers --factory app:make --workers=4", "uvicorn app:make()"),
    ("uvicorn --app-dir src app:app", "uvicorn app:app in src"),
    ("uvicorn app:state.inner", "uvicorn app:state.inner"),
    ("uvicorn $APP", ""),
    ("uvicorn ${APP:-pkg.api:app}", "uvicorn pkg.api:app"),
    ("uvicorn src/app:app", ""),
    ("gunicorn proj.wsgi", "gunicorn proj.wsgi:application"),
    ("gunicorn -w4 -b :$PORT --preload proj.wsgi:app --log-file -", "gunicorn proj.wsgi:app"),
    ("gunicorn 'app:create_app()'", "gunicorn app:create_app()"),
    ("gunicorn \"app:create_app('prod', x=1)\"", "gunicorn app:create_app(…)"),
    ("gunicorn --chdir backend proj.wsgi", "gunicorn proj.wsgi:application in backend"),
    ("gunicorn --pythonpath a,b x:y", "gunicorn x:y in a,b,."),
    ("gunicorn -k app.workers.Mine a:b", "gunicorn worker app.workers:Mine|gunicorn a:b"),
    ("gunicorn -k gevent a:b", "gunicorn a:b"),
    ("gunicorn -c conf/g.py a:b", "gunicorn configuration conf/g.py in .|gunicorn a:b"),
    ("gunicorn -c python:pkg.conf a:b", "gunicorn configuration pkg.conf|gunicorn a:b"),
    ("GUNICORN_CMD_ARGS='--chdir src' gunicorn a:b", "gunicorn a:b in src"),
    ("gunicorn --paste development.ini", ""),
    ("gunicorn --brand-new-flag a:b", ""),
    ("gunicorn", ""),
    ("hypercorn -b 0.0.0.0:8000 asgi:pkg.app:app", "hypercorn pkg.app:app"),
    ("hypercorn src/main:app --reload", "hypercorn main:app in src"),
    ("daphne -b 0.0.0.0 -p 8000 proj.asgi:application", "daphne proj.asgi:application"),
    ("granian --interface asgi --workers 2 app.main:app --no-ws", "granian app.main:app"),
    ("granian --factory --working-dir src app:make", "granian app:make() in src"),
    ("waitress-serve --port=80 --call app:create_app", "waitress-serve app:create_app()"),
    ("waitress-serve --listen *:80 app:wsgi.app", "waitress-serve app:wsgi.app"),
    ("flask --app hello run", "flask hello"),
    ("flask -A 'pkg:create_app(\"x\")' --debug run -p 80", "flask pkg:create_app(…)"),
    ("FLASK_APP=src/pkg/web.py:app flask db upgrade", "flask web:app in src/pkg"),
    ("flask run", ""),
    ("flask --help", ""),
    ("FLASK_APP=$X flask run", ""),
    ("fastapi run app/main.py --port 80", "fastapi main in app"),
    ("fastapi dev", ""),
    ("fastapi run main.py --app api", "fastapi main:api"),
    ("streamlit run ui/app.py --server.port 80", "streamlit ui/app.py"),
    ("sanic pkg.server.app --fast", "sanic pkg.server:app"),
    ("sanic pkg:make --factory", "sanic pkg:make()"),
    ("uwsgi --http :80 --module proj.wsgi:application --master", "uwsgi proj.wsgi:application"),
    ("uwsgi --http :80 --chdir src --wsgi-file app.py --callable app", "uwsgi src/app.py"),
]
JOBS = [
    ("celery -A proj worker -l info -B", "celery proj"),
    ("celery --app=proj.tasks:app beat", "celery proj.tasks:app"),
    ("celery worker -A proj --concurrency 4", "celery proj"),
    ("celery -Aproj worker", "celery proj"),
    ("celery -A proj --workdir src worker -I proj.extra,proj.more",
     "celery proj in src|celery include proj.extra in src|celery include proj.more in src"),
    ("celery -A $APP worker", ""),
    ("celery worker", ""),
    ("python -m celery -A proj beat", "celery proj"),
    ("dramatiq -p 2 proj.broker:b proj.tasks", "dramatiq proj.broker:b|dramatiq proj.tasks"),
    ("dramatiq proj.tasks -Q one two --path src", "dramatiq proj.tasks in src"),
    ("arq proj.worker.Settings --burst", "arq proj.worker:Settings"),
    ("rq worker -c proj.settings high low", "rq proj.settings"),
    ("rq worker high", ""),
    ("huey_consumer.py proj.app.huey -w 4", "huey_consumer proj.app:huey"),
    ("taskiq worker proj:broker proj.tasks", "taskiq proj:broker|taskiq proj.tasks"),
    ("DJANGO_SETTINGS_MODULE=p.s python manage.py migrate", "python manage.py with p.s"),
    ("DJANGO_SETTINGS_MODULE=p.s gunicorn p.wsgi", "gunicorn p.wsgi:application with p.s"),
    ("django-admin migrate --settings p.s --pythonpath src", "django-admin p.s in src"),
    ("alembic upgrade head", ""),
    ("pytest tests", ""),
    ("pip install -r requirements.txt", ""),
    ("npm start", ""),
    ("redis-server --save 60 1", ""),
]  # fmt: skip
WRAPPED = [
    ("exec uvicorn a:b", "uvicorn a:b"),
    ("sh -c 'exec uvicorn a:b --port ${PORT:-80}'", "uvicorn a:b"),
    ('bash -lc "cd src && python run.py"', "python src/run.py"),
    ("/bin/bash -e -o pipefail -c 'python run.py | tee log'", "python run.py"),
    ("env -i -u C A=b python run.py", "python run.py"),
    ("env DJANGO_SETTINGS_MODULE=p.s gunicorn p.wsgi", "gunicorn p.wsgi:application with p.s"),
    ("env -S 'python -u' run.py", "python run.py"),
    ("tini -g -- python run.py", "python run.py"),
    ("/usr/bin/dumb-init -- gunicorn a:b", "gunicorn a:b"),
    ("poetry run python -m pkg", "python -m pkg"),
    ("poetry run serve", "console script pkg.cli:main in -"),
    ("serve --port 80", "console script pkg.cli:main in -"),
    ("uv run --frozen --no-dev uvicorn a:b", "uvicorn a:b"),
    ("uv run --with rich run.py", "python run.py"),
    ("uv run -m pkg.mod x", "python -m pkg.mod"),
    ("uv sync", ""),
    ("pipenv run gunicorn a:b", "gunicorn a:b"),
    ("pdm run python x.py", "python x.py"),
    ("hatch run prod:gunicorn a:b", "gunicorn a:b"),
    ("conda run --no-capture-output -n env python x.py", "python x.py"),
    ("newrelic-admin run-program gunicorn a:b", "gunicorn a:b"),
    ("ddtrace-run python x.py", "python x.py"),
    ("opentelemetry-instrument --traces_exporter otlp uvicorn a:b", "uvicorn a:b"),
    ("./wait-for-it.sh db:5432 -t 30 -- python x.py", "python x.py"),
    ("wait-for-it db:5432 -t 30", ""),
    ("dockerize -wait tcp://db:5432 -timeout 60s python x.py", "python x.py"),
    ("gosu app python x.py", "python x.py"),
    ("sudo -E -u app python x.py", "python x.py"),
    ("timeout -k 5 30 python x.py", "python x.py"),
    ("nice -n 10 nohup python x.py &", "python x.py"),
    ("watchmedo auto-restart --directory=. --recursive -- celery -A p worker", "celery p"),
    ("watchfiles 'python x.py' src", "python x.py"),
    ("coverage run -m pkg", "python -m pkg"),
    ("bin/start-pgbouncer gunicorn a:b", "gunicorn a:b"),
    ("time python x.py", "python x.py"),
    ("exec " * 40 + "python x.py", ""),
]
CHAINS = [
    ("python a.py && python b.py; python c.py", "python a.py|python b.py|python c.py"),
    ("python a.py || python b.py", "python a.py|python b.py ?"),
    ("python a.py & python b.py\nwait", "python a.py|python b.py"),
    ("cd src && python a.py", "python src/a.py"),
    ("(cd src && python a.py); python b.py", "python src/a.py|python b.py"),
    ("cd $DIR && python a.py; uvicorn x:y", ""),
    ("cd src || exit 1; python a.py", "python src/a.py"),
    ("A=x.py; python $A", "python x.py"),
    ("export A=x; python \"$A.py\" '$A.py'", "python x.py"),
    ("python ${A}", ""),
    ("python ${A:-x}.py", "python x.py"),
    ("python ${A:-${B:-y}}.py", "python y.py"),
    ("python $(cat name).py", ""),
    ("python `cat name`", ""),
    ("python x.py > log 2>&1 < /dev/null", "python x.py"),
    ("python x.py # python y.py", "python x.py"),
    ("[ -f x.py ] && python x.py", "python x.py ?"),
    ("if [ $A ]; then python a.py; else python b.py; fi; python c.py", "python a.py ?|python b.py ?|python c.py"),
    ("if true; then A=x; else A=y; fi; python $A.py", ""),
    ("if true; then A=x; else A=x; fi; python $A.py", "python x.py"),
    ("for x in a b; do python $x.py; done; python c.py", "python c.py"),
    ("while ! nc -z db 5432; do sleep 1; done\nexec python a.py", "python a.py"),
    ("case $1 in web) python a.py ;; *) python b.py ;; esac", "python a.py ?|python b.py ?"),
    ("run() { python a.py; }\nrun", "python a.py ?"),
    ("{ python a.py; } && python b.py", "python a.py|python b.py"),
    ("exec python a.py; python b.py", "python a.py"),
    ("exit 0; python b.py", ""),
    ("python a.py \\\n  --long \\\n  && python b.py", "python a.py|python b.py"),
    ("python 'a.py", ""),
    ("eval 'python a.py'", "python a.py"),
    ('X=\'eval "$X"\'; eval "$X"', ""),
    ("cat <<EOF | python -\npython x.py\nEOF\npython y.py", "python y.py"),
    ("echo python x.py", ""),
    ("", ""),
    ("&& ; |", ""),
    ("python a\0.py", ""),
]


@pytest.mark.parametrize(
    ("command", "expected"),
    [pytest.param(*case, id=case[0][:70]) for case in (*PYTHON, *SERVERS, *JOBS, *WRAPPED, *CHAINS)],
)
def test_shell_text(command: str, expected: str) -> None:
    assert "|".join(found(command, scripts={"serve": "pkg.cli:main"})) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param(["uvicorn", "a:b", "--port", "$PORT"], ["uvicorn a:b"], id="exec form"),
        pytest.param(["sh", "-c", "python $0 $1", "x", "y"], [], id="$0 is not known"),
        pytest.param(["sh", "-c", "python $1", "x", "y.py"], ["python y.py"], id="arguments of sh -c"),
        pytest.param(["python", "$FILE.py"], ["python $FILE.py"], id="no shell, no variables"),
        pytest.param([], [], id="nothing"),
        pytest.param(["a && python x.py"], [], id="a word is not shell text"),
    ],
)
def test_words(words: list[str], expected: list[str]) -> None:
    assert found(words) == expected


ENTRYPOINT = """#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")/.."   # the project
if [ "${1:-}" = web ]; then
    shift
    exec gunicorn proj.wsgi "$@"
fi
export DJANGO_SETTINGS_MODULE=${SETTINGS:-proj.settings}
python manage.py migrate
exec "$@"
"""
FILES = {
    "docker/entrypoint.sh": ENTRYPOINT,
    "loop.sh": "#!/bin/sh\n./loop.sh & ./loop.sh; python x.py\n",
    "plain": "python x.py\n",
    "tool": "#!/usr/bin/env python3\nimport x\n",
    "gunicorn.conf.py": "import os\nwsgi_app = 'proj.web:app'  # the one\nchdir = \"src\"\n",
    "app.py": "",
    "pkg/__init__.py": "",
    "pkg/sub/__init__.py": "",
    "pkg/sub/api.py": "",
    "job/__main__.py": "",
    "alembic.ini": "[alembic]\nscript_location = %(here)s/db/migrations\nprepend_sys_path = .\n",
    "uwsgi.ini": "[uwsgi]\nmodule = proj.wsgi:application\nchdir = src\nhome = %(chdir)/env\n",
}


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        pytest.param(
            ["docker/entrypoint.sh", "celery", "-A", "proj", "worker"],
            [
                "gunicorn configuration gunicorn.conf.py ?",
                "gunicorn proj.wsgi:application in src ?",
                "python manage.py with proj.settings",
                "celery proj with proj.settings",
            ],
            id="an entry point script with its arguments",
        ),
        pytest.param("bash docker/entrypoint.sh true", 3, id="run by a shell"),
        pytest.param("./loop.sh", ["python x.py"], id="a script that calls itself"),
        pytest.param("./plain", ["python x.py"], id="no #! line"),
        pytest.param("./tool", [], id="a Python script without a suffix"),
        pytest.param("./absent.sh", [], id="not there"),
        pytest.param(
            "gunicorn",
            ["gunicorn configuration gunicorn.conf.py", "gunicorn proj.web:app in src"],
            id="gunicorn.conf.py names the application",
        ),
        pytest.param("flask run", ["flask app"], id="Flask's default"),
        pytest.param("fastapi run", ["fastapi app"], id="FastAPI's default"),
        pytest.param("fastapi run pkg/sub/api.py", ["fastapi pkg.sub.api"], id="a path inside a package"),
        pytest.param("flask --app pkg/sub run", ["flask pkg.sub"], id="a package's path"),
        pytest.param("python job", ["python job/__main__.py"], id="a directory with a __main__"),
        pytest.param("alembic upgrade head", ["alembic db/migrations/env.py in ."], id="Alembic"),
        pytest.param("uwsgi --ini uwsgi.ini", ["uwsgi proj.wsgi:application in src"], id="uWSGI's ini file"),
    ],
)
def test_files_of_the_project(command: str | list[str], expected: list[str] | int) -> None:
    result = found(command, files=FILES)
    assert (len(result) if isinstance(expected, int) else result) == expected


def test_an_image_has_absolute_paths() -> None:
    files = {f"/code/{path}": text for path, text in FILES.items()}
    command = ["docker/entrypoint.sh", "uvicorn", "--app-dir", "src", "a:b"]
    assert found(command, {"PYTHONPATH": "/opt/lib"}, "/code", files) == [
        "gunicorn configuration /code/gunicorn.conf.py in /code,/opt/lib ?",
        "gunicorn proj.wsgi:application in /code/src,/opt/lib ?",
        "python /code/manage.py in /code,/opt/lib with proj.settings",
        "uvicorn a:b in /code/src,/opt/lib with proj.settings",
    ]


HOSTILE = {
    "doubling": "A=aaaaaaaaaa;" + "A=$A$A;" * 2_000 + "python $A.py",
    "doubling arguments": 'set -- a b; set -- "$@" "$@";' + 'set -- "$@" "$@";' * 200 + 'python "$@"',
    "nested defaults": "python " + "${A:-" * 5_000 + "x" + "}" * 5_000,
    "open quotes": "'\"" * 30_000,
    "deep parentheses": "(" * 30_000,
    "many branches": "if a; then A=$B; " * 3_000,
    "self": 'X=\'sh -c "$X"; sh -c "$X"\'; export X; sh -c "$X"',
    "long": "python x.py;" * 50_000,
    "dollars": "$" * 60_000,
    "references": "$A" * 30_000,
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in HOSTILE.items()])
def test_hostile_text_is_bounded(text: str) -> None:
    assert len(starts(text, {}, "")) <= 100


PIECES = st.sampled_from(
    ["python", "x.py", "-m", "-c", "gunicorn", "a:b", "celery", "-A", "flask", "--app", "sh", "./s", "exec", "env",
     "uv", "run", "$", "${A:-", "}", "$(", ")", "(", "'", '"', "`", "\\", "\n", ";", "&&", "||", "|", ">", "<<E", "E",
     "if", "then", "else", "fi", "case", "esac", ";;", "for", "do", "done", "{", "A=", "cd", "..", "/", "shift",
     "set --", "eval", "#", "*", "\0", "\1", "-", "--", "=", ":", ",", "é", "\x85", " "]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30), st.lists(PIECES, max_size=30))
def test_no_text_is_too_odd(command: list[str], script: list[str]) -> None:
    files = {"s": " ".join(script), "a.ini": "".join(script), "gunicorn.conf.py": "".join(script)}
    for text in ("".join(command), " ".join(command), command):
        for start in starts(text, {"A": "".join(script)}, "d", files.get, {"x": "a:b"}):
            assert "\0" not in f"{start.module}{start.attr}{start.search}"
            assert not start.module.startswith("../")
