import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type AlertRule } from '@gomon/domain';
import { replayAlerts } from '@gomon/alerting/rule';
import {
  locateMonitor,
  readKnownHistory,
  type KnownHistory,
  type Queryable,
} from '@gomon/persistence';
import { thresholdFaults } from '../monitors/settings.ts';
import { found, invalid } from '../../problem.ts';
import { AlertPreviewAnswer, alertPreviewBody, MAX_PREVIEWED_ALERTS } from './preview-schemas.ts';
import { IdParams, ref } from '../../schemas/fields.ts';
import { createSemaphore } from '../../http/semaphore.ts';

const DAY_SECONDS = 86_400;

/** A week of a monitor with the shortest interval is half a million checks, so few run at a time. */
const inTurn = { places: 2, queue: 50 };

export const alertPreviewRoutes: FastifyPluginAsyncTypebox<{ minIntervalSeconds: number }> = async (
  app,
  options,
) => {
  const semaphore = createSemaphore(inTurn);

  app.post(
    '/monitors/:id/alert-preview',
    {
      schema: {
        summary: 'Preview the alerts of a rule',
        description:
          'Applies the rule to the stored checks, exactly as for real alerts. Changes nothing.',
        tags: ['alerts'],
        params: IdParams,
        body: alertPreviewBody(options.minIntervalSeconds),
        response: { 200: ref(AlertPreviewAnswer) },
      },
    },
    async (request, reply) => {
      const { ownerId } = request.caller;
      const { days = 7, ...rule } = request.body;
      const work = async (tx: Queryable) => {
        const monitor = found(await locateMonitor(tx, ownerId, request.params.id));
        const faults = thresholdFaults({ ...rule, intervalSeconds: monitor.intervalSeconds });
        if (faults.length > 0) throw invalid(faults);
        return preview(
          await readKnownHistory(tx, monitor, {
            seconds: days * DAY_SECONDS,
            before: rule.windowSeconds,
          }),
          rule,
        );
      };
      return semaphore(() => reply.once(work), ownerId); // Waiters must not hold a connection.
    },
  );
};

function preview({ from, to, slots, failures }: KnownHistory, rule: AlertRule) {
  const failed = new Set(failures);
  const checks = slots.map((slot) => ({ slot, failed: failed.has(slot) }));
  const alerts = replayAlerts(checks, rule, from + 1, null);
  return {
    from: toDate(from),
    to: toDate(to),
    checks: slots.filter((slot) => slot > from).length,
    alertCount: alerts.length,
    alerts: alerts
      .slice(-MAX_PREVIEWED_ALERTS)
      .map(({ openedAt, resolvedAt, failures: count }) => ({
        openedAt: toDate(openedAt),
        resolvedAt: resolvedAt === null ? null : toDate(resolvedAt),
        failures: count,
      })),
  };
}

function toDate(seconds: number): Date {
  return new Date(seconds * 1000);
}
