// Probes all the targets that it is sent at once, in a separate process so that its memory can be
// measured.
import { setInterval } from 'node:timers';
import { createEncryption } from '@gomon/encryption';
import { createDial, parseNetworks } from '@gomon/egress';
import type { ProbeTarget } from '@gomon/queue-contracts';
import { createLogger } from '@gomon/runtime';
import { createHttpProbe } from '../src/probes/http/probe.ts';
import type { Finding } from '../src/probes/probe.ts';

export interface Crowd {
  /** In the order of the targets. */
  readonly findings: (Finding | null)[];
  /** The indexes of the targets in the order in which they finished. */
  readonly order: number[];
  readonly rssBefore: number;
  readonly rssPeak: number;
}

const SAMPLE_EVERY_MS = 20;

process.once('message', (targets: ProbeTarget<'http'>[]) => void probeAll(targets));
process.once('disconnect', () => process.exit());

async function probeAll(targets: readonly ProbeTarget<'http'>[]): Promise<void> {
  const dial = createDial(parseNetworks('127.0.0.1/32'));
  const probe = createHttpProbe({
    dial,
    encryption: await createEncryption('k'.repeat(43)),
    logger: createLogger('prober', 'silent'),
  });
  const rssBefore = process.memoryUsage.rss();
  let rssPeak = rssBefore;
  const sampling = setInterval(
    () => (rssPeak = Math.max(rssPeak, process.memoryUsage.rss())),
    SAMPLE_EVERY_MS,
  );
  const order: number[] = [];
  const findings = await Promise.all(
    targets.map(async (target, place) => {
      const found = await probe(target, new AbortController().signal);
      order.push(place);
      return found;
    }),
  );
  clearInterval(sampling);
  process.send?.({ findings, order, rssBefore, rssPeak } satisfies Crowd);
}
