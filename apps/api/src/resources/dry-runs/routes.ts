import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { addProbeTrial, findTrialVerdict, type Db, type TrialVerdict } from '@gomon/persistence';
import type { FastifyReply } from 'fastify';
import { Problem, rateLimited } from '../../problem.ts';
import { explanationOf } from '../checks/schemas.ts';
import { ref } from '../../schemas/fields.ts';
import { monitorBodies } from '../monitors/bodies.ts';
import { phasesAnswer } from '../checks/phases.ts';
import { TrialAnswer } from './schemas.ts';
import type { TrialSettingsReader } from './settings.ts';

export interface ProbeTrialRouteOptions {
  readonly db: Db;
  readonly trialSettings: TrialSettingsReader;
  readonly minIntervalSeconds: number;
}

const TRIALS_PER_MINUTE = 10;
/** Beside the probe itself: until a scheduler and then a prober have taken it, and until its result is written down. */
const PATIENCE_MS = 10_000;
const POLL_MS = 150;
const LONGEST_PROBE_MS = 60_000;

/** A prober tries it; here it is asked for, and what comes of it is waited for. */
export const probeTrialRoutes: FastifyPluginAsyncTypebox<ProbeTrialRouteOptions> = async (app, options) => {
  const { db, trialSettings } = options;
  const { ProbeTrial } = monitorBodies(options.minIntervalSeconds);

  app.post(
    '/probe-trials',
    {
      schema: {
        summary: 'Try what a monitor would check',
        description:
          'Answers what a check would say now; 503 when no prober did in time. Nothing is registered, and nothing is kept beyond a few minutes.',
        tags: ['monitors'],
        body: ProbeTrial,
        response: { 200: ref(TrialAnswer) },
      },
      handlerTimeout: PATIENCE_MS + LONGEST_PROBE_MS + 5000,
    },
    async (request, reply) => {
      const { userId } = request.caller;
      const added = await reply.once(async (tx) => {
        const id = randomUUID();
        const settings = await trialSettings(id, request.body);
        const waitSeconds = await addProbeTrial(tx, { id, userId, settings, perMinute: TRIALS_PER_MINUTE });
        if (waitSeconds > 0) throw rateLimited(`Too many trials. The next one is made in ${waitSeconds} s.`, waitSeconds);
        return JSON.stringify({ id, timeoutMs: settings.timeoutMs });
      });
      const { id, timeoutMs } = JSON.parse(added) as { id: string; timeoutMs: number };
      const verdict = await verdictOf(db, { userId, id, withinMs: timeoutMs + PATIENCE_MS, reply });
      // One that was not tried in time says nothing of the target.
      if (verdict && verdict.reason !== 'expired') {
        const phases = phasesAnswer(verdict.phases, verdict.durationMs);
        return { ...verdict, explanation: explanationOf(verdict), phases };
      }
      throw new Problem('unavailable', 'No prober has tried it in time.');
    },
  );
};

interface Wait {
  readonly userId: string;
  readonly id: string;
  readonly withinMs: number;
  readonly reply: FastifyReply;
}

async function verdictOf(db: Db, { userId, id, withinMs, reply }: Wait): Promise<TrialVerdict | null> {
  for (const deadline = performance.now() + withinMs; performance.now() < deadline; await delay(POLL_MS)) {
    // Nobody waits any more. (The request's own signal is aborted as soon as its body has been read.)
    if (reply.raw.destroyed) return null;
    const verdict = await findTrialVerdict(db, userId, id);
    if (verdict) return verdict;
  }
  return null;
}
