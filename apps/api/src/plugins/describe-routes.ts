import type { RouteOptions } from 'fastify';
import fp from 'fastify-plugin';
import { OPERATION_IDS } from '../operation-ids.ts';
import { PROBLEMS, type ProblemCode } from '../problem.ts';
import { AlertPreviewAnswer } from '../resources/alerts/preview-schemas.ts';
import { AlertAnswer } from '../resources/alerts/schemas.ts';
import { ApiKeyAnswer, CreatedApiKeyAnswer } from '../resources/api-keys/schemas.ts';
import { BadgeAnswer } from '../resources/badges/schemas.ts';
import { ChannelAnswer, DeliveryAnswer } from '../resources/channels/schemas.ts';
import { CheckAnswer } from '../resources/checks/schemas.ts';
import { DryRunAnswer } from '../resources/dry-runs/schemas.ts';
import { ref } from '../schemas/fields.ts';
import { LatencyAnswer } from '../resources/checks/latency-schemas.ts';
import { MaintenanceWindowAnswer } from '../resources/maintenance-windows/schemas.ts';
import { MonitorAnswer } from '../resources/monitors/schemas.ts';
import { IdempotencyHeaders } from '../schemas/idempotency.ts';
import { MonitorOverviewAnswer } from '../resources/monitors/overview-schemas.ts';
import { ProblemSchema } from '../schemas/problem.ts';
import { StatsAnswer } from '../resources/checks/stats-schemas.ts';
import { StatusMessageAnswer, StatusPageAnswer } from '../resources/status-pages/schemas.ts';
import { StatusAnswer } from '../resources/status/schemas.ts';
import { OwnAccount, SessionAnswer, UserAnswer } from '../resources/accounts/schemas.ts';

const NAMED_SCHEMAS = [
  ProblemSchema,
  UserAnswer,
  OwnAccount,
  SessionAnswer,
  ApiKeyAnswer,
  CreatedApiKeyAnswer,
  MonitorAnswer,
  MonitorOverviewAnswer,
  ChannelAnswer,
  DeliveryAnswer,
  MaintenanceWindowAnswer,
  CheckAnswer,
  DryRunAnswer,
  StatsAnswer,
  LatencyAnswer,
  AlertAnswer,
  AlertPreviewAnswer,
  StatusAnswer,
  StatusPageAnswer,
  StatusMessageAnswer,
  BadgeAnswer,
];

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Problems specific to this route; those that follow from its schema are added automatically. */
    readonly problems?: readonly ProblemCode[];
  }
}

/**
 * Completes the description of every route: whether it needs a token, and all problems it may
 * answer with.
 */
export const describeRoutes = fp(async (app) => {
  for (const schema of NAMED_SCHEMAS) app.addSchema(schema);
  app.addHook('onRoute', (route) => {
    if (!route.schema || route.schema.hide) return;
    route.schema = {
      operationId: OPERATION_IDS[`${String(route.method)} ${route.url}`],
      ...route.schema,
      ...(takesIdempotencyKey(route) && { headers: IdempotencyHeaders }),
      security: route.config?.public ? [] : [{ bearer: [] }],
      response: { ...describeProblems(problemsOf(route)), ...(route.schema.response as object) },
    };
  });
});

/** Every POST of a user: see `reply.once`. */
function takesIdempotencyKey({ method, config }: RouteOptions): boolean {
  return method === 'POST' && !config?.public;
}

function problemsOf(route: RouteOptions): ProblemCode[] {
  const { method, config, schema } = route;
  const mayHaveBody = method !== 'GET' && method !== 'HEAD';
  return [
    ...(config?.problems ?? []),
    ...(config?.public ? [] : (['unauthorized'] as const)),
    ...(!config?.public && (mayHaveBody || config?.session)
      ? (['insufficient_scope'] as const)
      : []),
    ...(config?.unlimited ? [] : (['rate_limited'] as const)),
    ...(schema?.params ? (['not_found'] as const) : []),
    ...(schema?.querystring || schema?.body ? (['validation_failed'] as const) : []),
    ...(mayHaveBody
      ? (['malformed_request', 'body_too_large', 'unsupported_media_type'] as const)
      : []),
    ...(takesIdempotencyKey(route)
      ? (['validation_failed', 'idempotency_key_reused', 'idempotency_limit_reached'] as const)
      : []),
    'headers_too_large',
    'internal_error',
    'unavailable',
  ];
}

function describeProblems(codes: readonly ProblemCode[]) {
  const byStatus = Map.groupBy(codes, (code) => PROBLEMS[code].status);
  const content = { 'application/problem+json': { schema: ref(ProblemSchema) } };
  return Object.fromEntries(
    [...byStatus].map(([status, named]) => [
      status,
      { description: named.map((code) => `\`${code}\``).join(', '), content },
    ]),
  );
}
