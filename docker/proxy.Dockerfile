# docker build --file docker/proxy.Dockerfile --tag gomon-proxy .
FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install --yes --no-install-recommends haproxy \
 && rm -rf /var/lib/apt/lists/*
LABEL org.opencontainers.image.title="gomon-proxy" \
      org.opencontainers.image.description="One address for any number of GoMon's APIs" \
      org.opencontainers.image.licenses="MIT"
COPY docker/proxy.cfg /etc/haproxy/haproxy.cfg
USER haproxy
EXPOSE 8010
# On this signal it takes no further connections and ends when those that it has are done.
STOPSIGNAL SIGUSR1
CMD ["haproxy", "-db", "-f", "/etc/haproxy/haproxy.cfg"]
