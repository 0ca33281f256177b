import type { RouteOptions } from 'fastify';
import fp from 'fastify-plugin';
import { PROBLEMS, type ProblemCode } from '../problem.ts';
import { AlertAnswer } from '../schemas/alert.ts';
import { CheckAnswer } from '../schemas/check.ts';
import { ref } from '../schemas/fields.ts';
import { MonitorAnswer } from '../schemas/monitor.ts';
import { ProblemSchema } from '../schemas/problem.ts';
import { StatsAnswer } from '../schemas/stats.ts';
import { OwnAccount, SessionAnswer, UserAnswer } from '../schemas/user.ts';

const NAMED_SCHEMAS = [
  ProblemSchema,
  UserAnswer,
  OwnAccount,
  SessionAnswer,
  MonitorAnswer,
  CheckAnswer,
  StatsAnswer,
  AlertAnswer,
];

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The problems that only this route has; those that follow from its shape are added to its description. */
    readonly problems?: readonly ProblemCode[];
  }
}

/** Completes the description of every route: whether it needs a token, and all the problems that it may answer with. */
export const describeRoutes = fp(async (app) => {
  for (const schema of NAMED_SCHEMAS) app.addSchema(schema);
  app.addHook('onRoute', (route) => {
    if (!route.schema || route.schema.hide) return;
    route.schema = {
      ...route.schema,
      security: route.config?.public ? [] : [{ bearer: [] }],
      response: { ...describeProblems(problemsOf(route)), ...(route.schema.response as object) },
    };
  });
});

function problemsOf({ config, schema }: RouteOptions): ProblemCode[] {
  return [
    ...(config?.problems ?? []),
    ...(config?.public ? [] : (['unauthorized'] as const)),
    ...(schema?.params ? (['not_found'] as const) : []),
    ...(schema?.querystring ? (['validation_failed'] as const) : []),
    ...(schema?.body ? (['validation_failed', 'malformed_request', 'body_too_large', 'unsupported_media_type'] as const) : []),
    'internal_error',
    'unavailable',
  ];
}

function describeProblems(codes: readonly ProblemCode[]) {
  const byStatus = Map.groupBy(codes, (code) => PROBLEMS[code].status);
  const content = { 'application/problem+json': { schema: ref(ProblemSchema) } };
  return Object.fromEntries(
    [...byStatus].map(([status, named]) => [status, { description: named.map((code) => `\`${code}\``).join(', '), content }]),
  );
}
