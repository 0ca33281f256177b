import { fingerprint } from '@gomon/domain';

/** What the target does with a request. */
export type Answer =
  | { readonly does: 'answer'; readonly status: number; readonly delayMs: number }
  | { readonly does: 'move'; readonly to: string }
  | { readonly does: 'hang' }
  | { readonly does: 'break' };

/** The first part of a path says how it behaves. */
export const TARGET_KINDS = [
  'up',
  'slow',
  'moved',
  'outage',
  'flapping',
  'hanging',
  'breaking',
  'bait',
  'down',
] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];

/** Nothing that happens to our own side may make a failure of these. */
export const ALWAYS_UP: readonly TargetKind[] = ['up', 'slow', 'moved'];

const answer = (status: number, delayMs = 0): Answer => ({ does: 'answer', status, delayMs });

/** Follows from the path, the second, and the number of the request alone. `canary` is a forbidden address. */
export function answerTo(path: string, now: number, requestNumber: number, canary: string): Answer {
  const kind = path.split('/')[1];
  const isDown = inOutage(path, now);
  if (kind === 'slow') return answer(200, 100 + (fingerprint(`${path} ${requestNumber}`) % 200));
  if (kind === 'moved') return { does: 'move', to: path.replace('/moved/', '/landed/') };
  if (kind === 'down') return answer(503);
  if (kind === 'bait') return { does: 'move', to: canary };
  if (kind === 'flapping')
    return answer(fingerprint(`${path} ${Math.floor(now)}`) % 2 === 0 ? 200 : 503);
  if (kind === 'outage' && isDown) return answer(500, 50);
  if (kind === 'hanging' && isDown) return { does: 'hang' };
  if (kind === 'breaking' && isDown) return { does: 'break' };
  return answer(200);
}

/** Down for 5 to 11 seconds out of 14 to 24, each path at its own times. */
function inOutage(path: string, now: number): boolean {
  const period = 14 + (fingerprint(path, 1) % 11);
  const down = 5 + (fingerprint(path, 2) % 7);
  return (now + (fingerprint(path, 3) % period)) % period < down;
}
