import { setTimeout as delay } from 'node:timers/promises';
import { describeError } from '@gomon/runtime';
import type { Random } from '../random.ts';
import type { ChaosStack } from '../stack/chaos-stack.ts';
import { TARGET_KINDS } from '../target/script.ts';
import { signUp, type ApiClient, type ApiRecord } from './api-client.ts';
import { makeChannels } from './channels.ts';
import {
  changeInterval,
  changeRule,
  createMonitor,
  isDeleted,
  possibleEdits,
  readBack,
  remove,
  requestCheck,
  settingsOf,
  type OwnedMonitor,
} from './edits.ts';

export interface Workload {
  readonly monitors: readonly OwnedMonitor[];
  readonly record: ApiRecord;
  /** Changes monitors, one every second or so, until it is stopped; then waits for those under way. */
  startEditing(): () => Promise<void>;
  /** Reads back what every monitor was left as. */
  readBackAll(): Promise<void>;
  /** Not as an owner does, whose pause ends alerts: what is judged is what checks have made of them. */
  pauseAll(): Promise<void>;
}

const USERS = 2;
/** In each run of this many monitors, the first ones, one of each kind of target, have only the default channels. */
const UNATTACHED_EVERY = 3 * TARGET_KINDS.length;
const MOST_UNDER_WAY = 6;

export interface WorkloadOptions {
  /** How many monitors there are at the beginning, and about how many later. */
  readonly count: number;
  /** Owners do nothing but ask for checks, many a second. */
  readonly onlyChecks: boolean;
  readonly random: Random;
}

export async function startWorkload(
  stack: ChaosStack,
  options: WorkloadOptions,
  signal: AbortSignal,
): Promise<Workload> {
  const { count, onlyChecks, random } = options;
  const record: ApiRecord = { answers: new Map(), faults: [] };
  const owners = await Promise.all(
    Array.from({ length: USERS }, (_, i) => signUpWithResources(stack, i, record, signal)),
  );
  const monitors: OwnedMonitor[] = [];
  let number = 0;
  const create = async () => {
    const own = number++;
    const owner = owners[own % USERS];
    if (!owner) throw new Error('there is no user');
    const channelIds = own % UNATTACHED_EVERY < TARGET_KINDS.length ? [] : owner.attachable;
    const place = { target: stack.target, number: own, channelIds };
    const monitor = await createMonitor(owner.client, place, random.branch(`monitor ${own}`));
    monitors.push(monitor);
    return monitor;
  };
  for (let i = 0; i < count; i++) await create();

  /** One change of one monitor, then a look whether it can be read. */
  async function editOne(draw: Random): Promise<void> {
    const editable = monitors.filter(
      (monitor) => monitor.isEdited && !monitor.busy && !isDeleted(monitor),
    );
    const alive = monitors.filter((monitor) => !isDeleted(monitor)).length;
    if (editable.length === 0 || (alive < count && draw.next() < 0.3))
      return readBack(await create(), record);
    const monitor = draw.pick(editable);
    monitor.busy = true;
    await draw.pick(
      onlyChecks ? [() => requestCheck(monitor)] : editsOf(monitor, alive > count - 6, draw),
    )();
    await readBack(monitor, record);
    monitor.busy = false;
  }

  const startEditing = () => {
    const pauses = random.branch('pauses');
    const edit = (number: number) =>
      editOne(random.branch(`edit ${number}`)).catch((error: unknown) => {
        if (!signal.aborted) record.faults.push(`an edit failed: ${describeError(error)}`);
      });
    return keepEditing(edit, () => (onlyChecks ? 50 : pauses.whole(400, 1200)));
  };

  return {
    monitors,
    record,
    startEditing,
    readBackAll: async () => {
      for (const monitor of monitors) await readBack(monitor, record);
    },
    pauseAll: async () => {
      const running = monitors.filter(
        (monitor) => !isDeleted(monitor) && !settingsOf(monitor).paused,
      );
      const sentAt = Date.now() / 1000;
      await stack.database.query('UPDATE monitors SET paused = true, immediate_pending = false');
      const doneAt = Date.now() / 1000;
      for (const { edits, ...monitor } of running)
        edits.push({
          does: 'change',
          sentAt,
          doneAt,
          settings: { ...settingsOf({ ...monitor, edits }), paused: true },
        });
    },
  };
}

/** Makes edits, a few at a time, until it is stopped; then waits for those in progress. */
function keepEditing(
  edit: (number: number) => Promise<void>,
  pauseMs: () => number,
): () => Promise<void> {
  const underWay = new Set<Promise<void>>();
  const stopped = new AbortController();
  const run = async () => {
    for (let number = 0; !stopped.signal.aborted; number++) {
      if (underWay.size < MOST_UNDER_WAY) {
        const done = edit(number);
        underWay.add(done);
        void done.then(() => underWay.delete(done));
      }
      await delay(pauseMs(), undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  };
  const running = run();
  return async () => {
    stopped.abort();
    await running;
    await Promise.all(underWay);
  };
}

interface Owner {
  readonly client: ApiClient;
  readonly attachable: readonly string[];
}

async function signUpWithResources(
  stack: ChaosStack,
  number: number,
  record: ApiRecord,
  signal: AbortSignal,
): Promise<Owner> {
  const client = await signUp(stack.apiUrls, `user-${number}`, record, signal);
  return { client, attachable: await makeChannels(client, number, stack.receivers) };
}

function editsOf(monitor: OwnedMonitor, mayRemove: boolean, draw: Random): (() => Promise<void>)[] {
  return [
    ...possibleEdits(monitor),
    () => changeRule(monitor, draw),
    () => changeInterval(monitor, draw),
    ...(mayRemove && draw.next() < 0.3 ? [() => remove(monitor)] : []),
  ];
}
