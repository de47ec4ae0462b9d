"""How gunicorn serves: in production, and (with another address) in `make run`."""

import os

bind = "0.0.0.0:8000"
worker_class = "gthread"  # as fast as any, and the database driver blocks anyway
workers = int(os.environ.get("WEB_WORKERS") or 2)
threads = int(os.environ.get("WEB_THREADS") or 4)
preload_app = True  # read once, shared by all workers
timeout = 60
graceful_timeout = 25
keepalive = 5
# A slow leak never lives long; not all at once.
max_requests = 5000
max_requests_jitter = 500
loglevel = "warning"
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 (only a heartbeat)
control_socket_disable = True
