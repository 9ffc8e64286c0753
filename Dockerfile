# The local server in a container, for those without AWS. `docker compose up` is the whole of it.
#
#   make container BASE_IMAGE=python:3.13-slim-trixie@sha256:…
#   docker run --rm --read-only --tmpfs /tmp -v inkling:/data -p 127.0.0.1:8000:8000 inkling
#
# What follows the image's name goes to the server: `--rate 0` for no limit.

# A tag, not a digest: each build has Debian's and Python's latest corrections, and stays at Debian 13
# and Python 3.13, which the Lambda runs on. Who must build the same twice names the digest. Not
# Alpine: LiteRT has no wheels for musl. Not distroless: its Python is its Debian's, an older one.
ARG BASE_IMAGE=python:3.13-slim-trixie

FROM ${BASE_IMAGE} AS package
# Variables of pip's own, for who has an index of their own. An address may have a password in it:
# what this stage is told is in no layer of the image, nor in its history.
ARG PIP_INDEX_URL
ARG PIP_EXTRA_INDEX_URL
WORKDIR /source

# The wheels first, and on their own: a layer that only a new list changes.
COPY requirements/local.txt ./
RUN python3 -m pip install --no-cache-dir --disable-pip-version-check --root-user-action ignore \
      --no-deps --require-hashes --only-binary :all: --no-compile --target /wheels \
      --requirement local.txt
COPY lambda_package lambda_package
RUN python3 -m lambda_package.slimming --web /wheels && \
    python3 -m compileall -q --invalidation-mode unchecked-hash -s /wheels -p /app /wheels

# For drawings, in C++: a compiler that comes as a wheel, and stays behind.
COPY requirements/package.txt ./
RUN python3 -m pip install --no-cache-dir --disable-pip-version-check --root-user-action ignore \
      --no-deps --require-hashes --only-binary :all: --no-compile --target /tools \
      --requirement package.txt

COPY functions /own
COPY frontend /own/frontend
RUN PYTHONPATH=/tools python3 -m lambda_package.drawing /own/recognition
# Read by everyone, whatever the checkout's modes: the server is nobody's in particular.
RUN python3 -m compileall -q --invalidation-mode unchecked-hash -s /own -p /app /own && \
    chmod -R u=rwX,go=rX /wheels /own

FROM ${BASE_IMAGE}
# A number, so that an orchestrator can see that it isn't root; and of no user that a host has.
RUN install -d -m 0700 -o 10001 -g 10001 /data
COPY --from=package /wheels /app
COPY --from=package /own /app
WORKDIR /app
# The base comes without bytecode of the standard library (docker-library/python, issue 615), and a
# read-only root could never keep any: what the server imports is compiled once, here. The rest of
# it, some 25 MB, isn't. A build that lacks a module ends here, too.
RUN python3 -c "import asyncio.runners, encodings.ascii, http.client, api.app, api.compression, \
      api.key_file, api.rate_limit, local_connection, local_server, psutil, storage.folder, storage.local_uploads, \
      storage.purging, storage.sqlite, \
      uvicorn.lifespan.off, uvicorn.loops.auto, uvicorn.protocols.http.h11_impl"

# One request is read at a time: threads for numpy's algebra would be started, and never used.
ENV OPENBLAS_NUM_THREADS=1 \
    PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
VOLUME /data
EXPOSE 8000
# By http.client, which knows no proxy: a container may have been given one for its own requests.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["python3", "-I", "-S", "-c", "from http.client import HTTPConnection as C; c = C('127.0.0.1', 8000, timeout=4); c.request('GET', '/api/health'); raise SystemExit(c.getresponse().status != 200)"]
ENTRYPOINT ["python3", "/app/local_server.py", "--host", "0.0.0.0", "--port", "8000", "--data", "/data"]

# Last, since each commit has another: what stands before it comes out of the cache.
ARG REVISION
LABEL org.opencontainers.image.title="Inkling" \
      org.opencontainers.image.description="Reads handwritten digits: the page and the API" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.revision="${REVISION}"
