"""`python -m merge_guard`, and the `merge-guard` command."""

from __future__ import annotations

import gc
import sys


def main() -> int:
    """The exit status. `--version` is answered before anything is imported: hooks and editors ask for it often."""
    arguments = sys.argv[1:]
    # What imports make stays until the end: collections would only look through it, again and again, and once more when
    # the interpreter ends.
    gc.set_threshold(100_000, 20, 100)
    if arguments == ["--version"]:
        from merge_guard import __version__

        try:
            print(f"merge-guard {__version__}", flush=True)
            return 0
        except OSError:
            pass  # the ordinary way fails too, and knows what to say
    try:
        if arguments[:1] in (["check"], ["hook"]) and "--no-cache" not in arguments:
            from merge_guard.cli.again import written_before

            before = written_before(arguments)
            if before is not None:
                from merge_guard.cli.ending import ended
                from merge_guard.cli.output import write_whole

                return ended(lambda: write_whole(*before))
        from merge_guard.cli.application import run

        return run(arguments)
    except KeyboardInterrupt:  # while the imports run; `run` has its own
        return 130
    finally:
        gc.freeze()


if __name__ == "__main__":
    # `python -m` puts the working directory first: the json.py of a judged tree must not be imported.
    if not getattr(sys.flags, "safe_path", False):
        del sys.path[0]
    sys.exit(main())
