"""Two files of one module name: which one is imported, and what the other would have had."""

from __future__ import annotations

from oracle.tree import case

SHADOWS = (
    case("shadow: a name of the module behind a package", """
        main.py
            from models import User
        models.py
            class User: ...
        models/__init__.py
            class Group: ...
        """),
    case("shadow: a name of the package", """
        main.py
            from models import Group
        models.py
            class User: ...
        models/__init__.py
            class Group: ...
        """),
    case("shadow: an attribute of the module behind a package", """
        main.py
            import app.models
            app.models.User
        app/__init__.py
        app/models.py
            class User: ...
        app/models/__init__.py
        """),
    case("shadow: a name that neither has", """
        main.py
            from models import Nobody
        models.py
        models/__init__.py
        """),
    case("shadow: the package imports the module of its own name", """
        main.py
            from models import User
        models.py
            class User: ...
        models/__init__.py
            from models import User
        """),
    case("shadow: a folder behind a module", """
        main.py
            import models.user
        models.py
        models/user.py
        """),
    case("shadow: a folder behind a module, from", """
        main.py
            from app.models import user
        app/__init__.py
        app/models.py
        app/models/user.py
        """),
    case("shadow: guarded", """
        main.py
            try:
                from models import User
            except ImportError:
                User = None
        models.py
            class User: ...
        models/__init__.py
        """),
    case("shadow: a package of another root", """
        main.py
            from app.models import User
        src/app/__init__.py
        app/__init__.py
        app/models.py
            class User: ...
        """),
    case("shadow: a module of another root", """
        main.py
            from app import User
        src/app.py
        app.py
            class User: ...
        """),
    case("shadow: a standard module beside the script", """
        run/main.py
            import random
            random.choice
        run/random.py
            x = 1
        """, entry="run/main.py"),
    case("shadow: a name from a standard module beside the script", """
        run/main.py
            from calendar import monthrange
        run/calendar.py
        """, entry="run/main.py"),
    case("shadow: a standard module beside the script, meant", """
        run/main.py
            import queue
            queue.mine
        run/queue.py
            mine = 1
        """, entry="run/main.py"),
    case("shadow: a standard package beside the script", """
        run/main.py
            import statistics.mine
        run/statistics/__init__.py
        run/statistics/mine.py
        """, entry="run/main.py"),
    case("shadow: a folder of a standard name beside the script", """
        run/main.py
            import statistics
            statistics.mean
        run/statistics/mine.py
        """, entry="run/main.py"),
    case("shadow: a standard module that is loaded long before", """
        run/main.py
            import os, sys, io, time
            os.sep, sys.path, io.StringIO, time.time
        run/os.py
        run/sys.py
        run/io.py
        run/time.py
        """, entry="run/main.py"),
    case("shadow: a standard module in a package", """
        main.py
            import p.a
        p/__init__.py
        p/a.py
            import random
            random.choice
        p/random.py
        """),
    case("shadow: a standard module, in a module that is run", """
        app/__init__.py
        app/__main__.py
            import random
            random.choice
        random.py
        """, entry="-m:app"),
    case("shadow: the script hides what it imports", """
        run/calendar.py
            import calendar
            calendar.monthrange
        """, entry="run/calendar.py"),
)  # fmt: skip
