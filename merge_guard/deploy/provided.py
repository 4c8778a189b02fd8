"""Which distributions bring which top-level modules, where the two are not called alike.

Common knowledge of those that are asked for most, not read off their metadata: a row too few makes an undeclared
dependency of what is declared, so the rule that reads it is off unless it is asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from merge_guard.deploy.names import canonicalize_name

MODULES_OF: Mapping[str, tuple[str, ...]] = {
    "absl-py": ("absl",),
    "antlr4-python3-runtime": ("antlr4",),
    "apache-airflow": ("airflow",),
    "argon2-cffi": ("argon2",),
    "attrs": ("attr", "attrs"),
    "azure-core": ("azure",),
    "beautifulsoup4": ("bs4",),
    "biopython": ("Bio",),
    "boto": ("boto",),
    "brotli": ("brotli", "_brotli"),
    "cassandra-driver": ("cassandra",),
    "charset-normalizer": ("charset_normalizer",),
    "clickhouse-driver": ("clickhouse_driver",),
    "cython": ("Cython", "cython"),
    "discord-py": ("discord",),
    "dj-database-url": ("dj_database_url",),
    "django": ("django",),
    "django-allauth": ("allauth",),
    "django-cors-headers": ("corsheaders",),
    "django-crispy-forms": ("crispy_forms",),
    "django-debug-toolbar": ("debug_toolbar",),
    "django-environ": ("environ",),
    "django-extensions": ("django_extensions",),
    "django-filter": ("django_filters",),
    "django-guardian": ("guardian",),
    "django-import-export": ("import_export",),
    "django-oauth-toolkit": ("oauth2_provider",),
    "django-phonenumber-field": ("phonenumber_field",),
    "django-polymorphic": ("polymorphic",),
    "django-redis": ("django_redis",),
    "django-storages": ("storages",),
    "djangorestframework": ("rest_framework",),
    "djangorestframework-simplejwt": ("rest_framework_simplejwt",),
    "dnspython": ("dns",),
    "docker-compose": ("compose",),
    "drf-spectacular": ("drf_spectacular",),
    "email-validator": ("email_validator",),
    "elasticsearch-dsl": ("elasticsearch_dsl",),
    "faiss-cpu": ("faiss",),
    "fonttools": ("fontTools",),
    "gitpython": ("git",),
    "google-api-core": ("google",),
    "google-api-python-client": ("googleapiclient", "apiclient"),
    "google-auth": ("google",),
    "google-cloud-storage": ("google",),
    "graphql-core": ("graphql",),
    "grpcio": ("grpc",),
    "grpcio-status": ("grpc_status",),
    "grpcio-tools": ("grpc_tools",),
    "imageio-ffmpeg": ("imageio_ffmpeg",),
    "ipython": ("IPython",),
    "jinja2": ("jinja2",),
    "jwcrypto": ("jwcrypto",),
    "kafka-python": ("kafka",),
    "kubernetes-asyncio": ("kubernetes_asyncio",),
    "ldap3": ("ldap3",),
    "levenshtein": ("Levenshtein",),
    "mako": ("mako",),
    "markdown": ("markdown",),
    "markdown-it-py": ("markdown_it",),
    "markupsafe": ("markupsafe",),
    "mysql-connector-python": ("mysql",),
    "mysqlclient": ("MySQLdb",),
    "newrelic": ("newrelic",),
    "opencv-python": ("cv2",),
    "opencv-python-headless": ("cv2",),
    "opencv-contrib-python": ("cv2",),
    "opentelemetry-api": ("opentelemetry",),
    "opentelemetry-sdk": ("opentelemetry",),
    "paho-mqtt": ("paho",),
    "pillow": ("PIL",),
    "protobuf": ("google",),
    "psycopg-binary": ("psycopg_binary",),
    "psycopg2-binary": ("psycopg2",),
    "py-cpuinfo": ("cpuinfo",),
    "pycairo": ("cairo",),
    "pycryptodome": ("Crypto",),
    "pycryptodomex": ("Cryptodome",),
    "pydantic-settings": ("pydantic_settings",),
    "pygithub": ("github",),
    "pygments": ("pygments",),
    "pygobject": ("gi",),
    "pyjwt": ("jwt",),
    "pymongo": ("pymongo", "bson", "gridfs"),
    "pymupdf": ("fitz", "pymupdf"),
    "pymysql": ("pymysql",),
    "pynacl": ("nacl",),
    "pyopenssl": ("OpenSSL",),
    "pyserial": ("serial",),
    "pysocks": ("socks",),
    "python-barcode": ("barcode",),
    "python-box": ("box",),
    "python-consul": ("consul",),
    "python-dateutil": ("dateutil",),
    "python-decouple": ("decouple",),
    "python-docx": ("docx",),
    "python-dotenv": ("dotenv",),
    "python-engineio": ("engineio",),
    "python-gitlab": ("gitlab",),
    "python-jose": ("jose",),
    "python-json-logger": ("pythonjsonlogger",),
    "python-keycloak": ("keycloak",),
    "python-ldap": ("ldap",),
    "python-logstash": ("logstash",),
    "python-magic": ("magic",),
    "python-multipart": ("multipart", "python_multipart"),
    "python-pptx": ("pptx",),
    "python-slugify": ("slugify",),
    "python-socketio": ("socketio",),
    "python-telegram-bot": ("telegram",),
    "pytz": ("pytz",),
    "pywin32": ("win32api", "win32con", "pythoncom", "win32com"),
    "pyyaml": ("yaml",),
    "pyzmq": ("zmq",),
    "qrcode": ("qrcode",),
    "ruamel-yaml": ("ruamel",),
    "scikit-image": ("skimage",),
    "scikit-learn": ("sklearn",),
    "sentry-sdk": ("sentry_sdk",),
    "service-identity": ("service_identity",),
    "setuptools": ("setuptools", "pkg_resources", "_distutils_hack"),
    "simple-websocket": ("simple_websocket",),
    "social-auth-app-django": ("social_django",),
    "social-auth-core": ("social_core",),
    "speechrecognition": ("speech_recognition",),
    "sqlalchemy": ("sqlalchemy",),
    "tensorflow-cpu": ("tensorflow",),
    "typing-extensions": ("typing_extensions",),
    "umap-learn": ("umap",),
    "unidecode": ("unidecode",),
    "websocket-client": ("websocket",),
    "werkzeug": ("werkzeug",),
}  # fmt: skip
# Frequent first or last parts of a distribution's name that its module does not have.
_AFFIXES = ("python-", "py", "django-", "flask-", "-python", "-py", "-binary", "-client", "-sdk")


def modules_of(distribution: str) -> tuple[str, ...]:
    """The top-level modules of a distribution, given by its normalised name."""
    return MODULES_OF.get(distribution, (distribution.replace("-", "_"),))


def could_provide(distributions: Collection[str], module: str) -> bool:
    """Whether one of the distributions may bring a top-level module: generously, for an alarm hangs on the answer."""
    wanted = canonicalize_name(module)
    for name in distributions:
        known = MODULES_OF.get(name)
        if known is not None and any(canonicalize_name(item) == wanted for item in known):
            return True
        if name == wanted or name.replace("-", "") == wanted.replace("-", ""):
            return True
        # `google-cloud-storage` brings `google`, `azure-identity` brings `azure`: namespaces of their maker.
        if name.startswith(f"{wanted}-"):
            return True
        if any(name == f"{affix}{wanted}" or name == f"{wanted}{affix}" for affix in _AFFIXES):
            return True
    return False
