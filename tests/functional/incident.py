"""The incident in small: a merge leaves conflict markers in one file, nine steps of the start-up below `main.py`."""

from __future__ import annotations

from pathlib import Path

from tests.gitrepo import GitRepo

CONFLICTED = "backend/websocket/unified.py"
TREE = {
    "main.py": "from backend.app import create_app\n\napp = create_app()\n",
    "backend/__init__.py": "",
    "backend/app.py": "def create_app():\n    from backend.routes import router\n\n    return router\n",
    "backend/routes/__init__.py": '"""Every route."""\n\nfrom backend.routes.chat import router\n',
    "backend/routes/chat.py": (
        "import json\n\nfrom backend.services.chat import ChatService\n\nrouter = {'/chat': ChatService(json)}\n"
    ),
    "backend/services/__init__.py": "",
    "backend/services/chat.py": (
        "from backend.agents.supervisor import Supervisor\n\n\n"
        "class ChatService:\n    def __init__(self, codec):\n        self.supervisor = Supervisor(codec)\n"
    ),
    "backend/agents/__init__.py": "",
    "backend/agents/supervisor.py": (
        "from .registry import Registry\n\n\n"
        "class Supervisor:\n    def __init__(self, codec):\n        self.registry = Registry(codec)\n"
    ),
    "backend/agents/registry.py": (
        "import backend.websocket.bridge as bridge\n\n\n"
        "class Registry:\n    def __init__(self, codec):\n        self.bridge = bridge.Bridge(codec)\n"
    ),
    "backend/websocket/__init__.py": "",
    "backend/websocket/bridge.py": (
        "from backend.websocket.manager import manager\n\n\n"
        "class Bridge:\n    def __init__(self, codec):\n        self.manager = manager\n        self.codec = codec\n"
    ),
    "backend/websocket/manager.py": "from backend.websocket import unified\n\nmanager = unified.UnifiedManager()\n",
    CONFLICTED: (
        "class UnifiedManager:\n    def __init__(self):\n        self.connections = {}\n\n"
        "    def close(self):\n        self.connections.clear()\n"
    ),
}
OURS = TREE[CONFLICTED].replace("= {}", "= {}\n        self.closing = False")
THEIRS = TREE[CONFLICTED].replace("= {}", "= {}\n        self.pending = []\n        self.sent = 0")
BLOCK = (4, 9)
"""The lines of the conflict, from its opening marker to its last."""
CHAIN = [
    ("main.py", 3),
    ("backend/app.py", 2),
    ("backend/routes/__init__.py", 3),
    ("backend/routes/chat.py", 3),
    ("backend/services/chat.py", 1),
    ("backend/agents/supervisor.py", 1),
    ("backend/agents/registry.py", 1),
    ("backend/websocket/bridge.py", 1),
    ("backend/websocket/manager.py", 1),
    (CONFLICTED, 4),
]
"""Nine steps and the cause."""


def incident(root: Path) -> GitRepo:
    """A repository in the middle of the merge; the same name changed on both branches, everything else is sound."""
    repo = GitRepo(root)
    repo.commit(TREE, "base")
    repo.branch("queue")
    repo.commit({CONFLICTED: THEIRS, "backend/queue.py": "LIMIT = 10\n"}, "queue")
    repo.switch("main")
    repo.commit({CONFLICTED: OURS, "backend/shutdown.py": "GRACE = 30\n"}, "shutdown")
    if repo.merge("queue"):
        raise AssertionError("git merged what should conflict")
    return repo
