# The image of web, worker and beat: three containers, one program.
FROM python:3.13-slim AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /venv
COPY requirements.lock /tmp/
# Exactly what the lock file names, held to its hashes.
RUN /venv/bin/pip install --require-hashes --no-deps --requirement /tmp/requirements.lock

WORKDIR /app
COPY . .
# Nothing below is kept from this environment; the settings only want to be read.
RUN /venv/bin/python -m smarketing.translations \
    && SECRET_KEY=only-while-building ALLOWED_HOSTS=localhost STATIC_ROOT=/static \
       DATABASE_URL=postgres://none/none REDIS_URL=redis://none \
       DJANGO_SETTINGS_MODULE=smarketing.settings.base \
       /venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
    && /venv/bin/python -m compileall -q /app /venv


FROM python:3.13-slim

ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=smarketing.settings.base \
    STATIC_ROOT=/static
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin smarketing
COPY --from=build /venv /venv
COPY --from=build /static /static
COPY --from=build /app /app
WORKDIR /app
USER smarketing
EXPOSE 8000
# For web; worker and beat name their own in docker-compose.yml.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["gunicorn", "smarketing.wsgi"]
