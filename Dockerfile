# The server in a container: docker build --tag esim-rsp .
# Guide: docs/guide/deployment.md. compose.yaml for two nodes: deploy/compose.

FROM node:24-bookworm-slim AS build
WORKDIR /src
COPY . .
RUN npm ci --no-audit --no-fund
RUN node_modules/.bin/node scripts/package/run.ts tree /out

# Debian's own image, without npm and compilers. It has a shell: the command esim is a shell script.
FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install --yes --no-install-recommends libatomic1 libstdc++6 \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/* \
 && groupadd --system --gid 10001 esim-rsp \
 && useradd --system --uid 10001 --gid 10001 --home-dir /var/lib/esim-rsp --shell /usr/sbin/nologin esim-rsp \
 && install --directory --owner=10001 --group=10001 --mode=0700 /var/lib/esim-rsp
COPY --from=build /out/ /opt/esim-rsp/
RUN ln -s /opt/esim-rsp/esim /usr/local/bin/esim

LABEL org.opencontainers.image.title="esim-rsp" \
      org.opencontainers.image.description="SM-DP+ (GSMA SGP.22) with a REST API" \
      org.opencontainers.image.licenses="Apache-2.0"

# Phones and operators come from outside, over TLS that ends in the server. REST stays on loopback until you set ESIM_HTTP_HOST,
# and either a certificate or ESIM_HTTP_BEHIND_TLS=1. Secrets are files that ESIM_…_FILE variables name: put none into the image.
ENV ESIM_DATA_DIR=/var/lib/esim-rsp \
    ESIM_ES9_HOST=0.0.0.0 \
    ESIM_ES2_HOST=0.0.0.0
VOLUME /var/lib/esim-rsp
WORKDIR /var/lib/esim-rsp
EXPOSE 8080 8443 8444 9464

# By number, so that Kubernetes can see that it is not root.
USER 10001:10001
# No tini: the server is the first process, handles SIGTERM itself, and waits for the workers that it starts.
STOPSIGNAL SIGTERM
ENTRYPOINT ["/opt/esim-rsp/esim"]
CMD ["serve"]
HEALTHCHECK --interval=30s --timeout=15s --start-period=60s --retries=3 CMD ["/opt/esim-rsp/esim", "status", "--ready"]
