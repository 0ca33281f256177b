# docker build --file docker/experiment.Dockerfile --tag gomon-experiment .
ARG NODE_IMAGE=node:24-bookworm-slim
FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="gomon-experiment" \
      org.opencontainers.image.description="A target with scripted failures, and a watch over the metrics of GoMon's apps" \
      org.opencontainers.image.licenses="MIT"
WORKDIR /app
COPY package.json ./
COPY tools/experiment tools/experiment
USER node
STOPSIGNAL SIGTERM
CMD ["node", "tools/experiment/target.ts"]
