import { APP_NAMES, CLOCK_NAMES, type ChaosStack } from '../stack/chaos-stack.ts';
import type { App, AppKind } from '../stack/app.ts';
import { nothingToEnd, type FaultKind } from './fault.ts';

const KINDS: readonly AppKind[] = ['api', 'scheduler', 'prober'];

export const processFaults: readonly FaultKind[] = KINDS.flatMap((kind) => faultsOf(kind)).concat(
  ['scheduler', 'prober'].map((kind) => killAll(kind as AppKind)),
);

function faultsOf(kind: AppKind): FaultKind[] {
  const subjects = namesOf(kind);
  const lane = 'processes';
  return [
    {
      name: `kill ${kind}`,
      lane,
      subjects,
      seconds: [0.5, 4],
      inject: async ({ stack, subject }) => {
        const app = appOf(stack, subject);
        await app.kill();
        return async () => app.start();
      },
    },
    {
      name: `freeze ${kind}`,
      lane,
      subjects,
      seconds: [0.6, 12],
      inject: async ({ stack, subject }) => {
        const app = appOf(stack, subject);
        app.signal('SIGSTOP');
        return async () => app.signal('SIGCONT');
      },
    },
    {
      name: `terminate ${kind}`,
      lane,
      subjects,
      seconds: [0.2, 2],
      inject: async ({ stack, subject }) => {
        const app = appOf(stack, subject);
        if (!app.hasStarted()) throw new Error('it has not started yet');
        await app.terminate();
        return async () => app.start();
      },
    },
  ];
}

function killAll(kind: AppKind): FaultKind {
  return {
    name: `kill all ${kind}s`,
    lane: 'processes',
    subjects: [`${kind}s`],
    seconds: [2, 8],
    inject: async ({ stack }) => {
      const apps = namesOf(kind).map((name) => appOf(stack, name));
      await Promise.all(apps.map((app) => app.kill()));
      return async () => apps.forEach((app) => app.start());
    },
  };
}

/** Possible where clocks can be faked. */
export const clockFaults: readonly FaultKind[] = [3600, -3600].map((offset) => ({
  name: offset > 0 ? 'clock an hour ahead' : 'clock an hour behind',
  lane: 'processes',
  subjects: CLOCK_NAMES,
  seconds: [3, 10],
  inject: async ({ stack, subject }) => {
    const fakeClock = stack.clocks.get(subject);
    if (!fakeClock) return nothingToEnd;
    fakeClock.setOffset(offset);
    return async () => fakeClock.setOffset(0);
  },
}));

function namesOf(kind: AppKind): string[] {
  return APP_NAMES.filter((name) => name.startsWith(`${kind}-`));
}

function appOf(stack: ChaosStack, name: string): App {
  const app = stack.apps.get(name);
  if (!app) throw new Error(`there is no ${name}`);
  return app;
}
