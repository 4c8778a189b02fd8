"""Eleven import paths to five objects: what a count of paths calls eleven duplicates."""

from __future__ import annotations

CONFIG = """
[ssot.websocket-manager]
match = ["*WebSocket*Manager*"]
names = ["WebSocketManager", "WebSocketManagerFactory"]
canonical = "app.core.manager:WebSocketManager"
adapters = ["app.core.factory:WebSocketManagerFactory"]

[ssot.websocket-manager.exempt]
"app.core.validator:WebSocketManagerValidator" = "looks at managers, is none"
"""

TREE = {
    "merge-guard.toml": CONFIG,
    "app/__init__.py": "from app.core import WebSocketManager\n",
    "app/core/__init__.py": (
        "from .manager import WebSocketManager, WebSocketManager as UnifiedWebSocketManager\n"
        "from .factory import WebSocketManagerFactory\n"
        "from .types import *\n"
    ),
    "app/core/manager.py": (
        "class _Impl:\n    def connect(self): return 1\n\n\n"
        "class WebSocketManager(_Impl):\n    def send(self, text): return text\n"
    ),
    "app/core/factory.py": (
        "from .manager import WebSocketManager\n\n\n"
        "class WebSocketManagerFactory:\n    def create(self): return WebSocketManager()\n"
    ),
    "app/core/types.py": "from enum import Enum\n\n\nclass WebSocketManagerMode(Enum):\n    PLAIN = 1\n",
    "app/core/protocols.py": (
        "from typing import Protocol\n\n\nclass WebSocketManagerProtocol(Protocol):\n    def connect(self): ...\n"
    ),
    "app/core/validator.py": "class WebSocketManagerValidator:\n    def check(self, manager): return True\n",
    "app/compat.py": (
        "import warnings\n\n\ndef __getattr__(name):\n    if name == 'WebSocketManager':\n"
        "        warnings.warn('moved', DeprecationWarning)\n"
        "        from app.core.manager import WebSocketManager\n        return WebSocketManager\n"
        "    raise AttributeError(name)\n"
    ),
    "app/legacy.py": "from app.core import manager\n\nWebSocketManager = manager.WebSocketManager\n",
    "app/main.py": "from app.compat import WebSocketManager\nfrom app.core.types import WebSocketManagerMode\n",
    "tests/test_manager.py": (
        "from app import WebSocketManager\n\n\nclass FakeWebSocketManager:\n    def connect(self): return 2\n"
    ),
}
