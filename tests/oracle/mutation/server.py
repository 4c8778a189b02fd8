"""Run by a real interpreter: a fork server that imports modules of a package, each in a process of its own.

It loads third parties once; then every line of standard input is a request, every line of standard output its answer.
A top-level package is imported once in a child, and each of its modules in a child of that: the state is the one in
which `import package.module` in a fresh process would find itself after its first step. Standard library only.
"""

import json
import os
import signal
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import child

del sys.path[0]

_SECONDS = 20


def main():
    root = os.path.realpath(sys.argv[1])
    sys.path.insert(0, root)
    sys.dont_write_bytecode = True
    answers = os.fdopen(os.dup(1), "w")
    child._silence()
    for line in sys.stdin_requests:
        request = json.loads(line)
        handler = {"warm": _warm, "import": _import_all}[request.pop("do")]
        answers.write(json.dumps(handler(root, **request)) + "\n")
        answers.flush()


def _forked(function, *arguments):
    """What the function gives in a child; None where the child died or took too long."""
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(reading)
        try:
            data = json.dumps(function(*arguments)).encode()
            with os.fdopen(writing, "wb") as stream:
                stream.write(data)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        data = stream.read()
    os.waitpid(pid, 0)
    return json.loads(data) if data else None


# --- warm third parties ----------------------------------------------------------------------------------------------
def _warm(root, modules):
    """Load what the modules need from elsewhere, as far as that loads nothing of the package itself."""
    wanted = {}
    for names in _forked(_elsewhere, root, modules) or []:
        wanted.setdefault(names.partition(".")[0], []).append(names)
    done = []
    for top, names in wanted.items():
        if _forked(_load_quietly, root, names):
            _load_quietly(root, names)
            done.append(top)
    return done


def _elsewhere(root, modules):
    before = set(sys.modules)
    signal.alarm(10 * _SECONDS)
    for name in modules:
        try:
            __import__(name)
        except BaseException:
            continue
    ours = child._first_party(root)
    tops = {name.partition(".")[0] for name in ours}
    return [name for name in sys.modules if name not in before and name.partition(".")[0] not in tops]


def _load_quietly(root, names):
    """Whether loading them loads nothing of the package."""
    signal.alarm(5 * _SECONDS)
    for name in names:
        try:
            __import__(name)
        except BaseException:
            continue
    signal.alarm(0)
    return not child._first_party(root)


# --- imports ---------------------------------------------------------------------------------------------------------
def _import_all(root, modules, closure=False):
    found = {}
    tops = {}
    for name in modules:
        tops.setdefault(name.partition(".")[0], []).append(name)
    for top, names in tops.items():
        found.update(_forked(_below, root, top, names, closure) or dict.fromkeys(names))
    return found


def _below(root, top, names, closure):
    signal.alarm(_SECONDS)
    answer = _start(root, top, closure)
    signal.alarm(0)
    if answer["errors"]:
        return dict.fromkeys(names, answer)
    return {name: answer if name == top else _forked(_limited, root, name, closure) for name in names}


def _limited(root, name, closure):
    signal.alarm(_SECONDS)
    return _start(root, name, closure)


def _start(root, name, closure):
    errors = []
    outside = ""
    try:
        __import__(name)
    except BaseException as raised:
        errors = child._described(raised, root)
        outside = _raised_outside(raised, root)
    loaded = child._first_party(root) if closure else {}
    return {"errors": errors, "outside": outside, "modules": loaded}


def _raised_outside(error, root):
    """The file of a third party or of the standard library whose code raised, "" where the package's own did."""
    trace = error.__traceback__
    last = ""
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if not name.startswith("<frozen importlib"):
            last = name
        trace = trace.tb_next
    return "" if last.startswith(root + os.sep) or last == __file__ else last


if __name__ == "__main__":
    sys.stdin_requests = os.fdopen(os.dup(0))
    main()
