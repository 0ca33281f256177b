import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient } from '../../tools/local-stack/demo/api-client.ts';

/** What the REST API says of a check. */
export interface CheckAnswer {
  readonly slot: string;
  readonly outcome: 'success' | 'failure' | 'unknown';
  readonly statusCode: number | null;
  readonly reason: string | null;
  readonly checkedAt: string;
}

export interface AlertAnswer {
  readonly openedAt: string;
  readonly resolvedAt: string | null;
  readonly failures: number;
}

/** As the API tells it: not null when the monitor was paused before a check resolved it. */
export interface EndedAlertAnswer extends AlertAnswer {
  readonly endedBy: string | null;
}

/** What the checks have made of an alert, before its monitor was paused. */
export function beforePause({
  openedAt,
  resolvedAt,
  failures,
  endedBy,
}: EndedAlertAnswer): AlertAnswer {
  return { openedAt, resolvedAt: endedBy === null ? resolvedAt : null, failures };
}

export interface Rule {
  readonly threshold: number;
  readonly windowSeconds: number;
}

export interface Page<Item> {
  readonly items: Item[];
  readonly nextCursor: string | null;
}

export const secondOf = (time: string) => Date.parse(time) / 1000;

/** All checks of a monitor in the order of their slots. */
export async function checksOf(client: ApiClient, monitorId: string): Promise<CheckAnswer[]> {
  const checks: CheckAnswer[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const query: string = cursor ? `&cursor=${encodeURIComponent(cursor)}` : '';
    const page: Page<CheckAnswer> = await client.get(
      `/v1/monitors/${monitorId}/checks?limit=200${query}`,
    );
    checks.push(...page.items);
    cursor = page.nextCursor;
  }
  return checks.reverse();
}

/** Asks until the answer is as wanted; fails after a minute with the last answer. */
export async function until<Answer>(
  ask: () => Promise<Answer>,
  isWanted: (answer: Answer) => boolean,
): Promise<Answer> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const answer = await ask();
    if (isWanted(answer)) return answer;
    if (performance.now() > deadline)
      throw new Error(`still not so after a minute: ${JSON.stringify(answer)}`);
    await delay(100);
  }
}

/** Of a check every second: those that may be under way when their monitor is paused. */
const UNDER_WAY = 3;

/** What the alerts of a monitor that was paused may be: checks that were under way then, the last ones, decide nothing any more. */
export function alertsBeforePause(checks: readonly CheckAnswer[], rule: Rule): AlertAnswer[][] {
  const decided = Array.from({ length: UNDER_WAY + 1 }, (_, late) =>
    checks.slice(0, checks.length - late),
  );
  return decided.map((some) => alertsByDefinition(some, rule));
}

/** The alerts that these checks, in the order of their slots, are by definition: at each known slot count again. */
function alertsByDefinition(checks: readonly CheckAnswer[], rule: Rule): AlertAnswer[] {
  const alerts: AlertAnswer[] = [];
  let open: AlertAnswer | null = null;
  for (const { slot, outcome } of checks.filter((check) => check.outcome !== 'unknown')) {
    const age = (check: CheckAnswer) => secondOf(slot) - secondOf(check.slot);
    const failures = checks.filter(
      (c) => c.outcome === 'failure' && age(c) >= 0 && age(c) < rule.windowSeconds,
    ).length;
    if (!open && failures > rule.threshold) open = { openedAt: slot, resolvedAt: null, failures };
    else if (open && outcome === 'success' && failures <= rule.threshold) {
      alerts.push({ ...open, resolvedAt: slot });
      open = null;
    }
  }
  return open ? [...alerts, open] : alerts;
}
