# One image for every command: serve, worker, migrate, sandbox. PostgreSQL and Redis are not in it.
ARG PYTHON=3.13-slim-trixie

FROM python:${PYTHON} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
WORKDIR /app
COPY requirements/ requirements/
# A layer of its own: it changes with the locks, not with our code.
RUN /venv/bin/pip install --require-hashes --no-deps -r requirements/runtime.txt \
    && /venv/bin/pip install --require-hashes --no-deps -r requirements/traces.txt \
    && python -m venv /builder \
    && /builder/bin/pip install --require-hashes --no-deps -r requirements/build.txt
COPY . .
# The command, installed from where the source will stand in the image.
RUN PYTHONPATH="$(echo /builder/lib/python*/site-packages)" \
    /venv/bin/pip install --no-deps --no-build-isolation --editable . \
    && /venv/bin/pip uninstall --yes pip \
    && /venv/bin/python -m compileall -q . /venv/lib

FROM python:${PYTHON}
LABEL org.opencontainers.image.title="Slotline" \
      org.opencontainers.image.licenses="MIT"
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin slotline \
    && install --directory --owner=10001 --mode=0700 /recordings
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    SLOTLINE_HOST=0.0.0.0
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /app /app
USER 10001
EXPOSE 8000
ENTRYPOINT ["slotline"]
CMD ["serve"]
