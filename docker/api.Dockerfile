# docker build --file docker/api.Dockerfile --tag gomon-api .
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
COPY nx.json tsconfig.base.json prisma.config.ts ./
COPY tools/bundle.mjs tools/
COPY prisma prisma
COPY libs libs
COPY apps/admin apps/admin
COPY apps/api apps/api
COPY apps/dashboard apps/dashboard
# Where the dashboard's link to the documentation leads; the API's own page when it is empty.
ARG VITE_DOCS_URL
RUN npx nx build api

FROM ${NODE_IMAGE}
ARG VERSION=unreleased
LABEL org.opencontainers.image.title="gomon-api" \
      org.opencontainers.image.description="GoMon's REST API and dashboard, and the operator's command (node gomon-admin.js)" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}"
WORKDIR /app
COPY --from=build /src/apps/api/dist ./
ENV DASHBOARD_DIR=/app/dashboard
# Threads that share their memory pools leave less of it unused.
ENV MALLOC_ARENA_MAX=2
# What hashing a password took, 19 MiB, is given back at once; malloc, of itself, keeps blocks of a size that was freed before.
ENV MALLOC_MMAP_THRESHOLD_=1048576
USER node
EXPOSE 8010 8011
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.METRICS_PORT || 8011}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=8", "--heap-growing-percent=40", "main.js"]
