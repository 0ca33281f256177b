# docker build --file docker/prober.Dockerfile --tag gomon-prober .
ARG NODE_IMAGE=node:24-bookworm-slim

# The same lines for every app, so that Docker installs once.
FROM ${NODE_IMAGE} AS deps
WORKDIR /src
ENV CI=true NX_DAEMON=false CHECKPOINT_DISABLE=1
COPY package.json package-lock.json ./
COPY apps/admin/package.json apps/admin/
COPY apps/api/package.json apps/api/
COPY apps/dashboard/package.json apps/dashboard/
COPY apps/prober/package.json apps/prober/
COPY apps/scheduler/package.json apps/scheduler/
COPY libs/alerting/package.json libs/alerting/
COPY libs/channels/package.json libs/channels/
COPY libs/checks/package.json libs/checks/
COPY libs/client/package.json libs/client/
COPY libs/domain/package.json libs/domain/
COPY libs/egress/package.json libs/egress/
COPY libs/encryption/package.json libs/encryption/
COPY libs/maintenance/package.json libs/maintenance/
COPY libs/persistence/package.json libs/persistence/
COPY libs/queue-contracts/package.json libs/queue-contracts/
COPY libs/runtime/package.json libs/runtime/
COPY tools/test-support/package.json tools/test-support/
RUN npm ci --ignore-scripts --no-audit --no-fund

# Only what this app is made of: a change of another app leaves this image as it is.
FROM deps AS build
COPY nx.json tsconfig.base.json ./
COPY tools/bundle.mjs tools/
COPY libs libs
COPY apps/prober apps/prober
RUN npx nx build prober

FROM ${NODE_IMAGE}
ARG VERSION=unreleased
LABEL org.opencontainers.image.title="gomon-prober" \
      org.opencontainers.image.description="GoMon's prober: probes targets, reports results" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}"
# Names are resolved on Node's threads: with its usual four, a few slow name servers would hold up every probe.
ENV UV_THREADPOOL_SIZE=64
WORKDIR /app
COPY --from=build /src/apps/prober/dist ./
# Threads that share their memory pools leave less of it unused.
ENV MALLOC_ARENA_MAX=2
USER node
EXPOSE 8013
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.METRICS_PORT || 8013}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=4", "main.js"]
