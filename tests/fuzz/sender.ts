import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { createEncryption } from '@gomon/encryption';
import { databaseFault, type Db } from '@gomon/persistence';
import { createLogger, createStallWatch } from '@gomon/runtime';
import { Registry } from 'prom-client';
import {
  createPost,
  createLoop,
  createSchedulerMetrics,
  createSender,
} from '@gomon/scheduler/testing';

export interface RunningSender {
  /** What went wrong in it, but for what receivers do. */
  readonly faults: readonly string[];
  stop(): Promise<void>;
}

const DELAY_MS = 20;

/** A scheduler's sender. Wherever a channel leads, what it sends goes to a receiver on loopback, which takes everything. */
export async function startSender(db: Db, secretsKey: string): Promise<RunningSender> {
  const receiver = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(204).end());
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const { port } = receiver.address() as AddressInfo;
  const faults: string[] = [];
  const onFault = (what: string, error: Error) => {
    if (databaseFault(error) !== 'unavailable') faults.push(`${what}: ${error.message}`); // Slow is the machine's fault.
  };
  const stalls = createStallWatch();
  const sender = createSender({
    db,
    encryption: await createEncryption(secretsKey),
    outside: {
      post: createPost(() => connect(port, '127.0.0.1'), stalls),
      sendMail: async () => ({ statusCode: null, error: null }),
      telegramUrl: 'http://telegram.invalid',
      pagerdutyUrl: 'http://pagerduty.invalid',
    },
    publicUrl: '',
    stalls,
    metrics: createSchedulerMetrics(new Registry()),
    logger: createLogger('scheduler', 'silent'),
    onFault,
  });
  const loop = createLoop({
    runOnce: () => sender.runOnce(),
    delayMs: () => DELAY_MS,
    onFailure: (error) => onFault('the sender failed', error),
  });
  loop.start();
  return {
    faults,
    async stop() {
      await loop.stop();
      await sender.idle();
      stalls.stop();
      receiver.closeAllConnections();
      await new Promise((resolve) => receiver.close(resolve));
    },
  };
}
