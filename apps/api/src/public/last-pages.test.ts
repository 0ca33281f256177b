import { expect, test } from '@jest/globals';
import { keepLastPages } from './last-pages.ts';
import { notFound } from '../problem.ts';
import type { PublicEntry, PublicPage } from './public-page.ts';

const entry = (name: string, state: PublicEntry['state']): PublicEntry => ({
  ...{
    name,
    state,
    stale: false,
    maintenanceUntil: null,
    lastKnownSlot: new Date(0),
    days: [],
    uptime: 1,
  },
});
const page: PublicPage = {
  ...{
    title: 'Acme',
    description: '',
    now: new Date(0),
    state: 'up',
    delayed: false,
    messages: [],
    maintenance: [],
    incidents: [],
  },
  groups: [{ name: 'Web', entries: [entry('Shop', 'up'), entry('Old shop', 'paused')] }],
};

/** A reader with an outcome and a clock that the test controls. */
function reader() {
  const world = { now: 0, outcome: (): PublicPage => page, failures: 0 };
  const read = keepLastPages(
    async () => world.outcome(),
    () => world.now,
    () => (world.failures += 1),
  );
  return { world, read: () => read('acme') };
}

const fail = () => {
  throw new Error('the database is away');
};
const statesOf = ({ groups }: PublicPage) =>
  groups.flatMap(({ entries }) => entries.map(({ state }) => state));

test('a page that cannot be read is shown as last read, with a notice', async () => {
  const { world, read } = reader();
  expect(await read()).toBe(page);
  world.outcome = fail;
  world.now = 60_000;
  expect(await read()).toEqual({ ...page, delayed: true });
  expect(world.failures).toBe(1);
  world.outcome = () => page;
  expect(await read()).toBe(page);
});

test('it shows nothing as up after a minute, and nothing at all after an hour', async () => {
  const { world, read } = reader();
  await read();
  world.outcome = fail;
  world.now = 60_001;
  const shown = await read();
  expect([shown.state, shown.delayed, ...statesOf(shown)]).toEqual([
    'stale',
    true,
    'stale',
    'paused',
  ]);
  world.now = 3_600_001;
  await expect(read()).rejects.toThrow('the database is away');
});

test('an unpublished page is dropped', async () => {
  const { world, read } = reader();
  await read();
  world.outcome = () => {
    throw notFound();
  };
  await expect(read()).rejects.toThrow();
  world.outcome = fail;
  await expect(read()).rejects.toThrow('the database is away');
});

test('without an earlier page a failure is a failure', async () => {
  const { world, read } = reader();
  world.outcome = fail;
  await expect(read()).rejects.toThrow('the database is away');
});
