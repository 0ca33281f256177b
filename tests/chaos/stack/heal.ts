import type { ChaosStack } from './chaos-stack.ts';
import { resumeResults } from './queues.ts';

/** Ends every fault, whatever came of it, and resolves when every process is ready. */
export async function heal(stack: ChaosStack, signal: AbortSignal): Promise<void> {
  const { database, queue, windows, receivers, links, clocks, apps } = stack;
  for (const server of [database, queue, windows]) {
    server.thaw();
    await server.start();
  }
  for (const fakeClock of clocks.values()) fakeClock.setOffset(0);
  receivers.fail(false);
  for (const link of [...links.values(), receivers.link]) {
    await link.setMode({ kind: 'ok' });
    link.loseReplies(/$^/, 0);
  }
  await resumeResults(queue);
  for (const app of apps.values()) {
    app.signal('SIGCONT');
    app.start();
  }
  await Promise.all([...apps.values()].map((app) => app.untilReady(signal)));
}
