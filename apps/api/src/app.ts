import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { createEncryption } from '@gomon/encryption';
import { parseNetworks } from '@gomon/egress';
import type { Db } from '@gomon/persistence';
import {
  fastify,
  LogController,
  type FastifyInstance,
  type FastifyBaseLogger,
  type FastifyHttpOptions,
} from 'fastify';
import type { Registry } from 'prom-client';
import { parseTrustProxy, splitList, type ApiConfig } from './config.ts';
import { createChannelSettingsReader } from './resources/channels/settings.ts';
import { createSettingsReader } from './resources/monitors/settings.ts';
import { createPasswordCheck } from './auth/password-check.ts';
import { createPasswords } from './auth/passwords.ts';
import { authenticate } from './plugins/authenticate.ts';
import { connectionShares } from './plugins/connection-shares.ts';
import { crossOrigin } from './plugins/cross-origin.ts';
import { dashboard } from './plugins/dashboard.ts';
import { describeRoutes } from './plugins/describe-routes.ts';
import { idempotencyKeys } from './plugins/idempotency-keys.ts';
import { jsonBody } from './plugins/json-body.ts';
import { observeRequests } from './plugins/observe-requests.ts';
import { oneHost } from './plugins/one-host.ts';
import { openapi } from './plugins/openapi.ts';
import { watchMethods } from './plugins/other-methods.ts';
import { problemDetails, refuseConnection, sendProblem } from './plugins/problem-details.ts';
import { rateLimits } from './plugins/rate-limits.ts';
import { secure, securityHeaders } from './plugins/security-headers.ts';
import { validation } from './plugins/validation.ts';
import { createRateLimit } from './http/rate-limit.ts';
import { healthRoutes } from './resources/status/health.ts';
import { publicBadgeRoutes } from './public/public-badges.ts';
import { publicStatusRoutes } from './public/public-status.ts';
import { createDryRunSettingsReader } from './resources/dry-runs/settings.ts';
import { v1 } from './v1.ts';

export interface AppOptions {
  readonly db: Db;
  readonly config: ApiConfig;
  /** The database's number of shards. */
  readonly shardCount: number;
  readonly logger: FastifyBaseLogger;
  readonly registry: Registry;
}

/**
 * The API, ready to listen or to be injected into. It does not listen, and only itself must be
 * stopped.
 */
export async function buildApp({
  db,
  config,
  shardCount,
  logger,
  registry,
}: AppOptions): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: logger,
    trustProxy: parseTrustProxy(config.TRUST_PROXY),
    ...SERVER_OPTIONS,
  });
  const encryption = await createEncryption(config.SECRETS_KEY, config.SECRETS_KEY_PREVIOUS);
  await app.register(problemDetails);
  await app.register(validation);
  await app.register(jsonBody);
  await app.register(observeRequests, { registry });
  await app.register(securityHeaders);
  await app.register(crossOrigin, { origins: splitList(config.CORS_ORIGINS) });
  await app.register(rateLimits, {
    perUser: createRateLimit(config.RATE_LIMIT_PER_MINUTE, () => performance.now()),
    perAddress: createRateLimit(config.ADDRESS_RATE_LIMIT_PER_MINUTE, () => performance.now()),
  });
  await app.register(oneHost);
  await app.register(authenticate, {
    db,
    secret: config.JWT_SECRET,
    previous: config.JWT_SECRET_PREVIOUS,
  });
  await app.register(connectionShares, { db });
  await app.register(idempotencyKeys, { db, encryption });
  const answerOtherMethods = watchMethods(app);
  await app.register(describeRoutes);
  await app.register(openapi);

  const passwords = await createPasswords();
  const passwordCheck = createPasswordCheck(db, passwords);
  const targetNetworks = parseNetworks(config.PROBER_ALLOWED_NETWORKS);
  const settingsReader = createSettingsReader(encryption, targetNetworks);
  const dryRunSettings = createDryRunSettingsReader(encryption, targetNetworks);
  const receiverNetworks = parseNetworks(config.NOTIFICATION_ALLOWED_NETWORKS);
  const channelSettings = createChannelSettingsReader(encryption, receiverNetworks);
  await app.register(dashboard, { directory: config.DASHBOARD_DIR });
  await app.register(healthRoutes, { db });
  await app.register(publicStatusRoutes, { db });
  await app.register(publicBadgeRoutes, { db });
  const readers = { settingsReader, dryRunSettings, channelSettings };
  const limits = {
    shardCount,
    monitorLimit: config.MAX_MONITORS_PER_USER,
    minIntervalSeconds: config.MIN_INTERVAL_SECONDS,
  };
  await app.register(v1, { prefix: '/v1', db, passwords, passwordCheck, ...readers, ...limits });
  answerOtherMethods();
  // Node stops timing requests once its server closes; a body that never ends would then delay
  // closing forever.
  app.addHook(
    'preClose',
    async () => void setTimeout(() => app.server.closeAllConnections(), CLOSING_TIME_MS).unref(),
  );
  return app;
}

/** Enough time to answer accepted requests. */
const CLOSING_TIME_MS = 10_000;

const SERVER_OPTIONS = {
  bodyLimit: 262_144,
  connectionTimeout: 20_000, // Without a byte either way, for clients that do not read. Event streams write every 15 s.
  requestTimeout: 10_000,
  handlerTimeout: 15_000, // From the head of a request to its answer, including 10 seconds for its body.
  keepAliveTimeout: 72_000, // Longer than a load balancer's, so that the balancer closes first.
  http: { headersTimeout: 8000, connectionsCheckingInterval: 1000 },
  routerOptions: { maxParamLength: 100 },
  logController: new LogController({ disableRequestLogging: true }),
  genReqId: () => randomUUID(),
  childLoggerFactory: (logger) => logger, // One per request would cost as much as its log line; lines name the request themselves.
  frameworkErrors: (error, request, reply) => void sendProblem(error, request, secure(reply)),
  clientErrorHandler: refuseConnection,
} as const satisfies FastifyHttpOptions<Server>;
