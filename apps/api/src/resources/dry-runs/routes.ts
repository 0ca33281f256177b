import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { addDryRun, findDryRunVerdict, type Db, type DryRunVerdict } from '@gomon/persistence';
import type { FastifyReply } from 'fastify';
import { Problem, rateLimited } from '../../problem.ts';
import { explanationOf } from '../checks/schemas.ts';
import { ref } from '../../schemas/fields.ts';
import { monitorBodies } from '../monitors/bodies.ts';
import { validateByKind } from '../monitors/kind-fields.ts';
import { phasesAnswer } from '../checks/phases.ts';
import { DryRunAnswer } from './schemas.ts';
import type { DryRunSettingsReader } from './settings.ts';

export interface DryRunRouteOptions {
  readonly db: Db;
  readonly dryRunSettings: DryRunSettingsReader;
  readonly minIntervalSeconds: number;
}

const DRY_RUNS_PER_MINUTE = 10;
/**
 * Time beyond the probe itself: for a scheduler and a prober to take it, and for storing the
 * result.
 */
const PATIENCE_MS = 10_000;
const POLL_MS = 150;
const LONGEST_PROBE_MS = 60_000;
/** RFC 9745, RFC 5829: since 2026-12-01. */
const MOVED = { deprecation: '@1796083200', link: '</v1/dry-runs>; rel="successor-version"' };

/** Stores the dry run, and waits until a prober has written its result. */
export const dryRunRoutes: FastifyPluginAsyncTypebox<DryRunRouteOptions> = async (app, options) => {
  const { db, dryRunSettings } = options;
  const { common, DryRun } = monitorBodies(options.minIntervalSeconds);
  const validatorCompiler = validateByKind(app, common.DryRun);

  // The name of the path until 0.2.
  for (const [path, deprecated] of [
    ['/dry-runs', false],
    ['/probe-trials', true],
  ] as const)
    app.post(
      path,
      {
        schema: {
          summary: 'Test a target before you add it',
          deprecated,
          description:
            'Checks the target once and answers the result; 503 when no prober was free in time. Adds no monitor. The result is deleted after a few minutes.',
          tags: ['monitors'],
          body: DryRun,
          response: { 200: ref(DryRunAnswer) },
        },
        validatorCompiler,
        handlerTimeout: PATIENCE_MS + LONGEST_PROBE_MS + 5000,
      },
      async (request, reply) => {
        if (deprecated) reply.headers(MOVED);
        const { userId } = request.caller;
        const added = await reply.once(async (tx) => {
          const id = randomUUID();
          const settings = await dryRunSettings(id, request.body);
          const waitSeconds = await addDryRun(tx, {
            id,
            userId,
            settings,
            perMinute: DRY_RUNS_PER_MINUTE,
          });
          if (waitSeconds > 0)
            throw rateLimited(`Too many dry runs. Try again in ${waitSeconds} s.`, waitSeconds);
          return JSON.stringify({ id, timeoutMs: settings.timeoutMs });
        });
        const { id, timeoutMs } = JSON.parse(added) as { id: string; timeoutMs: number };
        const verdict = await verdictOf(db, {
          userId,
          id,
          withinMs: timeoutMs + PATIENCE_MS,
          reply,
        });
        // A dry run that did not run in time says nothing about the target.
        if (verdict && verdict.reason !== 'expired') {
          const phases = phasesAnswer(verdict.phases, verdict.durationMs);
          return { ...verdict, explanation: explanationOf(verdict), phases };
        }
        throw new Problem('unavailable', 'No prober was free in time.');
      },
    );
};

interface Wait {
  readonly userId: string;
  readonly id: string;
  readonly withinMs: number;
  readonly reply: FastifyReply;
}

async function verdictOf(
  db: Db,
  { userId, id, withinMs, reply }: Wait,
): Promise<DryRunVerdict | null> {
  for (
    const deadline = performance.now() + withinMs;
    performance.now() < deadline;
    await delay(POLL_MS)
  ) {
    // The client no longer waits. (The request's own signal is aborted as soon as its body has been
    // read.)
    if (reply.raw.destroyed) return null;
    const verdict = await findDryRunVerdict(db, userId, id);
    if (verdict) return verdict;
  }
  return null;
}
