import fp from 'fastify-plugin';
import { Counter, Histogram, type Registry } from 'prom-client';

const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Alerts in docker/prometheus/rules.yml use the growth of these counters, so they start at 0. */
const ALERTING_STATUSES = [500, 503];

/**
 * One log line and one count per answer. Routes appear as templates; URLs, bodies and tokens never
 * do.
 */
export const observeRequests = fp(async (app, { registry }: { registry: Registry }) => {
  const registers = [registry];
  const labelNames = ['method', 'route', 'status'];
  const requests = new Counter({
    name: 'gomon_http_requests_total',
    help: 'Requests answered.',
    labelNames,
    registers,
  });
  const durations = new Histogram({
    name: 'gomon_http_request_duration_seconds',
    help: 'Duration of requests, from arrival to the end of the answer.',
    labelNames,
    buckets: DURATION_BUCKETS,
    registers,
  });
  const lines = app.log.child({}, { redact: [] }); // Searching these few words for secrets would double the cost of a line.
  app.addHook('onRoute', ({ method, url: route }) => {
    for (const one of [method].flat())
      for (const status of ALERTING_STATUSES) requests.inc({ method: one, route, status }, 0);
  });
  app.addHook('onResponse', async (request, reply) => {
    const labels = {
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
    };
    requests.inc(labels);
    durations.observe(labels, reply.elapsedTime / 1000);
    const ms = Math.round(reply.elapsedTime);
    lines.info({ reqId: request.id, ...labels, ms, userId: request.caller?.userId }, 'request');
  });
});
