# Serves the dashboard. Settings, sign-in and access.toml are mounted, never built in: docs/deploy.md, “In a container”.
FROM python:3.13-slim

RUN useradd --system --create-home --home-dir /opt/dashboard dashboard
WORKDIR /opt/dashboard
COPY requirements.txt .
RUN python -m pip install --no-cache-dir --require-hashes -r requirements.txt
COPY --chown=root:root . .
RUN install -d -o dashboard -g dashboard -m 0700 /srv/store /var/log/dashboard

USER dashboard
ENV DASHBOARD_STORE=/srv/store DASHBOARD_LOG=/var/log/dashboard PYTHONDONTWRITEBYTECODE=1
EXPOSE 8501
HEALTHCHECK CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8501/healthz', timeout=3)"]
CMD ["python", "serve.py", "--address", "0.0.0.0", "--port", "8501"]
