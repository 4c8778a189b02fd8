"""Run by a real interpreter, which need not have anything installed: starts each tree in a process of its own.

Standard input: JSON, a list of {root, kind, module, attr, path}. Standard output: JSON, a list of what happened.
"""

import json
import os
import signal
import sys

_SECONDS = 10


def main():
    runs = []
    for run in json.load(sys.stdin):
        reading, writing = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(reading)
            _silence()
            signal.alarm(_SECONDS)
            data = json.dumps(start(**run)).encode()
            with os.fdopen(writing, "wb") as stream:
                stream.write(data)
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading, "rb") as stream:
            data = stream.read()
        os.waitpid(pid, 0)
        runs.append(json.loads(data) if data else None)
    json.dump(runs, sys.stdout)


def _silence():
    """The programs may print and read."""
    sys.stdin = sys.__stdin__ = open(os.devnull)  # noqa: SIM115
    sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115


def start(root, kind, module, attr, path):
    """What starting the entry point comes to.

    `errors` are empty where it started; `frames` are the first-party ones of a traceback, `source` the place of a
    syntax error; `ran` are the files whose compilation was asked for; `modules` the first-party part of `sys.modules`.
    """
    ran = set()

    def watch(event, arguments):
        if event == "compile" and isinstance(arguments[1], (str, bytes)):
            name = os.fsdecode(arguments[1])
            if name.startswith(root + os.sep):
                ran.add(os.path.relpath(name, root))

    sys.path[:0] = path
    sys.addaudithook(watch)
    errors = []
    try:
        _START[kind](root, module, attr)
    except BaseException as raised:
        errors = _described(raised, root)
    return {"errors": errors, "ran": sorted(ran), "modules": _first_party(root)}


def _import(root, module, attr):
    import importlib

    value = importlib.import_module(module)
    for part in filter(None, attr.split(".")):
        value = getattr(value, part)


def _script(root, module, attr):
    """As `python path/to/script.py`: a fresh `__main__` without a parent package (`Python/pythonrun.c`)."""
    import types

    path = os.path.join(root, module)
    record = types.ModuleType("__main__")
    record.__file__ = path
    record.__builtins__ = __builtins__
    sys.modules["__main__"] = record
    with open(path, "rb") as stream:
        exec(compile(stream.read(), path, "exec", dont_inherit=True), record.__dict__)


def _module(root, module, attr):
    import runpy

    runpy.run_module(module, run_name="__main__", alter_sys=True)


_START = {"import": _import, "script": _script, "module": _module}


def _described(error, root):
    """The exception, then those that were being handled when it was raised, each with all frames from the root down.

    A program that exits of its own accord has not failed, unless it does so because of another exception, with a status
    that says so.
    """
    if isinstance(error, SystemExit) and error.code in (None, 0):
        return []
    found = []
    above = []
    while error is not None:
        trace = list(_trace(error))
        if trace:
            # The trace of a handled exception begins in the frame of its `try`.
            position = next((index for index, (frame, _) in enumerate(above) if frame is trace[0][0]), len(above))
            trace = above = above[:position] + trace
        if not isinstance(error, SystemExit):
            found.append(_words(error, trace, root))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return found


def _trace(error):
    """(frame, line) outermost first; a frame through which the exception was raised again counts once."""
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_next is None or trace.tb_next.tb_frame is not trace.tb_frame:
            yield trace.tb_frame, trace.tb_lineno
        trace = trace.tb_next


def _words(error, trace, root):
    frames = []
    for frame, line in trace:
        name = frame.f_code.co_filename
        if name.startswith(root + os.sep):
            frames.append([os.path.relpath(name, root), line])
    source = None
    if isinstance(error, SyntaxError) and error.filename and error.filename.startswith(root + os.sep):
        source = [os.path.relpath(error.filename, root), error.lineno]
    return {
        "type": type(error).__name__,
        "bases": [base.__name__ for base in type(error).__mro__],
        "message": str(error),
        "frames": frames,
        "source": source,
    }


def _first_party(root):
    found = {}
    for name, module in list(sys.modules.items()):
        try:
            place = module.__file__
        except Exception:
            continue
        if isinstance(place, str) and place.startswith(root + os.sep):
            found[name] = os.path.relpath(place, root)
    return found


if __name__ == "__main__":
    main()
