import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { createSeal } from '@gomon/domain';
import type { Db } from '@gomon/persistence';
import { fastify, LogController, type FastifyInstance, type FastifyBaseLogger, type FastifyHttpOptions } from 'fastify';
import type { Registry } from 'prom-client';
import type { ApiConfig } from './config.ts';
import { createSettingsReader } from './monitor-settings.ts';
import { createPasswords } from './passwords.ts';
import { authenticate } from './plugins/authenticate.ts';
import { describeRoutes } from './plugins/describe-routes.ts';
import { jsonBody } from './plugins/json-body.ts';
import { observeRequests } from './plugins/observe-requests.ts';
import { openapi } from './plugins/openapi.ts';
import { problemDetails, refuseConnection, sendProblem } from './plugins/problem-details.ts';
import { validation } from './plugins/validation.ts';
import { alertRoutes } from './routes/alerts.ts';
import { checkRoutes } from './routes/checks.ts';
import { healthRoutes } from './routes/health.ts';
import { monitorSettingsRoutes } from './routes/monitor-settings.ts';
import { monitorRoutes } from './routes/monitors.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { statsRoutes } from './routes/stats.ts';
import { userRoutes } from './routes/users.ts';

export interface AppOptions {
  readonly db: Db;
  readonly config: ApiConfig;
  /** How many shards the database was made with. */
  readonly shardCount: number;
  readonly logger: FastifyBaseLogger;
  readonly registry: Registry;
}

/** The API, ready to listen or to be injected into. It does not listen, and owns nothing that must be stopped but itself. */
export async function buildApp({ db, config, shardCount, logger, registry }: AppOptions): Promise<FastifyInstance> {
  const app = fastify({ loggerInstance: logger, ...SERVER_OPTIONS });
  await app.register(problemDetails);
  await app.register(validation);
  await app.register(jsonBody);
  await app.register(observeRequests, { registry });
  await app.register(authenticate, { db, jwtSecret: config.JWT_SECRET });
  await app.register(describeRoutes);
  await app.register(openapi);

  const passwords = await createPasswords();
  const settingsReader = createSettingsReader(await createSeal(config.SECRETS_KEY));
  const monitorLimit = config.MAX_MONITORS_PER_USER;
  const minIntervalSeconds = config.MIN_INTERVAL_SECONDS;
  await app.register(healthRoutes, { db });
  await app.register(
    async (v1) => {
      await v1.register(userRoutes, { db, passwords, monitorLimit });
      await v1.register(sessionRoutes, { db, passwords });
      await v1.register(monitorRoutes, { db });
      await v1.register(monitorSettingsRoutes, { db, settingsReader, shardCount, monitorLimit, minIntervalSeconds });
      await v1.register(checkRoutes, { db });
      await v1.register(statsRoutes, { db });
      await v1.register(alertRoutes, { db });
    },
    { prefix: '/v1' },
  );
  return app;
}

const SERVER_OPTIONS = {
  bodyLimit: 262_144,
  requestTimeout: 10_000,
  keepAliveTimeout: 72_000, // Longer than a load balancer's, so that it is not us who close first.
  http: { headersTimeout: 8000, connectionsCheckingInterval: 1000 },
  routerOptions: { maxParamLength: 100 },
  logController: new LogController({ disableRequestLogging: true }),
  genReqId: () => randomUUID(),
  frameworkErrors: (error, request, reply) => void sendProblem(error, request, reply),
  clientErrorHandler: refuseConnection,
} as const satisfies FastifyHttpOptions<Server>;
