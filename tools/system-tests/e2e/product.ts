import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient } from '../../local-stack/api-client.ts';

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
    const page: Page<CheckAnswer> = await client.get(`/v1/monitors/${monitorId}/checks?limit=200${query}`);
    checks.push(...page.items);
    cursor = page.nextCursor;
  }
  return checks.reverse();
}

/** Asks until the answer is as wanted; fails after a minute with the last answer. */
export async function until<Answer>(ask: () => Promise<Answer>, isWanted: (answer: Answer) => boolean): Promise<Answer> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const answer = await ask();
    if (isWanted(answer)) return answer;
    if (performance.now() > deadline) throw new Error(`still not so after a minute: ${JSON.stringify(answer)}`);
    await delay(100);
  }
}

/** The alerts that these checks, in the order of their slots, are by definition: at each known slot count again. */
export function alertsByDefinition(checks: readonly CheckAnswer[], rule: Rule): AlertAnswer[] {
  const alerts: AlertAnswer[] = [];
  let open: AlertAnswer | null = null;
  for (const { slot, outcome } of checks.filter((check) => check.outcome !== 'unknown')) {
    const age = (check: CheckAnswer) => secondOf(slot) - secondOf(check.slot);
    const failures = checks.filter((c) => c.outcome === 'failure' && age(c) >= 0 && age(c) < rule.windowSeconds).length;
    if (!open && failures > rule.threshold) open = { openedAt: slot, resolvedAt: null, failures };
    else if (open && outcome === 'success' && failures <= rule.threshold) {
      alerts.push({ ...open, resolvedAt: slot });
      open = null;
    }
  }
  return open ? [...alerts, open] : alerts;
}
