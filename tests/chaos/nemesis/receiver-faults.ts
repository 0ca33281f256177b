import type { LinkMode } from '../stack/link.ts';
import type { FaultKind } from './fault.ts';

const lane = 'receivers';
const subjects = ['faulty receivers'];

export const receiverFaults: readonly FaultKind[] = [
  inMode('receivers refuse', [1, 6], { kind: 'refuse' }),
  inMode('receivers hang', [2, 7], { kind: 'blackhole' }),
  inMode('receivers are slow', [2, 6], { kind: 'slow', delayMs: 700 }),
  {
    name: 'receivers answer 500',
    lane,
    subjects,
    seconds: [2, 7],
    inject: async ({ stack: { receivers } }) => {
      receivers.fail(true);
      return async () => receivers.fail(false);
    },
  },
  {
    name: 'lost answers of receivers',
    lane,
    subjects,
    seconds: [2, 6],
    inject: async ({ stack: { receivers }, random }) => {
      receivers.link.loseReplies(/POST /, random.whole(2, 8));
      return async () => receivers.link.loseReplies(/POST /, 0);
    },
  },
];

function inMode(name: string, seconds: [number, number], mode: LinkMode): FaultKind {
  return {
    name,
    lane,
    subjects,
    seconds,
    inject: async ({ stack: { receivers } }) => {
      await receivers.link.setMode(mode);
      return () => receivers.link.setMode({ kind: 'ok' });
    },
  };
}
