import type { AppKind } from '../stack/app.ts';
import { SERVERS_OF } from '../stack/app-environment.ts';
import { APP_NAMES, type ChaosStack } from '../stack/chaos-stack.ts';
import type { Link, LinkMode } from '../stack/link.ts';
import { nothingToEnd, type FaultKind } from './fault.ts';

const lane = 'links';
const ALL_LINKS = APP_NAMES.flatMap((app) =>
  SERVERS_OF[app.split('-')[0] as AppKind].map((server) => `${app}>${server}`),
);
/** The statement, or, once it is prepared, its list of outcomes. */
const STORES_RESULTS = /INSERT INTO checks|\{"?(success|failure|unknown)/;
const linksTo = (server: string) => ALL_LINKS.filter((name) => name.endsWith(`>${server}`));

export const linkFaults: readonly FaultKind[] = [
  inMode('slow link', ALL_LINKS, [2, 8], { kind: 'slow', delayMs: 150 }),
  inMode('blackholed link', ALL_LINKS, [2, 10], { kind: 'blackhole' }),
  inMode('refusing link', ALL_LINKS, [1, 6], { kind: 'refuse' }),
  {
    name: 'broken link',
    lane,
    subjects: ALL_LINKS,
    seconds: [0.2, 1],
    inject: async ({ stack, subject }) => {
      linkOf(stack, subject).breakAll();
      return nothingToEnd;
    },
  },
  {
    name: 'slow database',
    lane,
    subjects: ['every link to postgres'],
    seconds: [3, 8],
    inject: async ({ stack }) => {
      const links = linksTo('postgres').map((name) => linkOf(stack, name));
      await Promise.all(links.map((link) => link.setMode({ kind: 'slow', delayMs: 100 })));
      return async () =>
        void (await Promise.all(links.map((link) => link.setMode({ kind: 'ok' }))));
    },
  },
  losing('lost answers to COMMIT', linksTo('postgres'), /COMMIT/),
  losing('lost answers to an insert', linksTo('postgres').filter(isOfScheduler), STORES_RESULTS),
  losing('lost answers of the queue', linksTo('queue'), /evalsha/i),
  losing('lost answers of the windows', linksTo('windows'), /evalsha/i),
];

function inMode(
  name: string,
  subjects: readonly string[],
  seconds: [number, number],
  mode: LinkMode,
): FaultKind {
  return {
    name,
    lane,
    subjects,
    seconds,
    inject: async ({ stack, subject }) => {
      const link = linkOf(stack, subject);
      await link.setMode(mode);
      return () => link.setMode({ kind: 'ok' });
    },
  };
}

/** The server does what it was asked to do, but its answer is lost. */
function losing(name: string, subjects: readonly string[], request: RegExp): FaultKind {
  return {
    name,
    lane,
    subjects,
    seconds: [2, 5],
    inject: async ({ stack, subject, random }) => {
      const link = linkOf(stack, subject);
      link.loseReplies(request, random.whole(1, 4));
      return async () => link.loseReplies(request, 0);
    },
  };
}

function isOfScheduler(link: string): boolean {
  return link.startsWith('scheduler');
}

function linkOf(stack: ChaosStack, name: string): Link {
  const link = stack.links.get(name);
  if (!link) throw new Error(`there is no link ${name}`);
  return link;
}
