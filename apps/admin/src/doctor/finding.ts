import { describeFailure } from '../describe-failure.ts';

/** What a check found: all is well, something is not, or it could not look. */
export interface Finding {
  readonly verdict: 'ok' | 'fault' | 'skipped';
  readonly text: string;
}

export const ok = (text: string): Finding => ({ verdict: 'ok', text });
export const fault = (text: string): Finding => ({ verdict: 'fault', text });
export const skipped = (text: string): Finding => ({ verdict: 'skipped', text });

/** A check that throws has found a fault. */
export async function findingOf(check: () => Promise<Finding>): Promise<Finding> {
  try {
    return await check();
  } catch (error) {
    return fault(describeFailure(error));
  }
}

const NAMED_AT_MOST = 5;

export function list(names: readonly string[]): string {
  const rest = names.length - NAMED_AT_MOST;
  return names.slice(0, NAMED_AT_MOST).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
