import { largestThreshold } from '@gomon/domain';
import type { Random } from '../random.ts';
import { TARGET_KINDS, type TargetKind } from '../target/script.ts';
import type { LoggedTarget } from '../target/target-log.ts';
import type { ApiClient, ApiRecord, Reply } from './api-client.ts';
import type { Edit, MonitorLife, Settings } from './life.ts';

/** A monitor that its owner may change; never two changes at a time. */
export interface OwnedMonitor extends MonitorLife {
  readonly owner: ApiClient;
  readonly edits: Edit[];
  /** The others are left alone, so that what must hold of them is never in doubt. */
  readonly isEdited: boolean;
  busy: boolean;
}

export const settingsOf = (monitor: MonitorLife): Settings => lastOf(monitor).settings;
export const isDeleted = (monitor: MonitorLife): boolean => lastOf(monitor).does === 'delete';

function lastOf({ name, edits }: MonitorLife): Edit {
  const last = edits.at(-1);
  if (!last) throw new Error(`${name} was never created`);
  return last;
}

const INTERVALS = [1, 1, 2, 2, 5];

export interface MonitorPlace {
  readonly target: Pick<LoggedTarget, 'url' | 'canaryUrl'>;
  readonly number: number;
  /** Its owner's channels that are not notified of every monitor. */
  readonly channelIds: readonly string[];
}

/** Registers a monitor with a new target. */
export async function createMonitor(
  owner: ApiClient,
  { target: { url, canaryUrl }, number, channelIds }: MonitorPlace,
  random: Random,
): Promise<OwnedMonitor> {
  const kind: TargetKind = TARGET_KINDS[number % TARGET_KINDS.length] ?? 'up';
  const path = `/${kind}/${number}`;
  const settings = reachable({
    ...randomRule(random),
    intervalSeconds: random.pick(INTERVALS),
    paused: false,
  });
  const isOdd = Math.floor(number / TARGET_KINDS.length) % 2 === 1;
  const isDirectBait = kind === 'bait' && isOdd;
  const name = path.slice(1);
  const body = {
    name,
    url: `${isDirectBait ? canaryUrl : url}${path}`,
    channelIds,
    ...toBody(settings),
  };
  const reply = await owner.send('POST', '/v1/monitors', body);
  const id = reply.status === 409 ? await findByName(owner, name) : String(reply.body['id']);
  const answeredAt = path.replace('/moved/', '/landed/');
  const edits: Edit[] = [
    { does: 'create', sentAt: reply.sentAt, doneAt: Date.now() / 1000, settings },
  ];
  return { id, name, kind, answeredAt, owner, edits, isEdited: isOdd, busy: false };
}

/** It was created by a request whose answer was lost. */
async function findByName(owner: ApiClient, name: string): Promise<string> {
  const { body } = await owner.send(
    'GET',
    `/v1/monitors?name=${encodeURIComponent(name)}&limit=200`,
  );
  const found = (body['items'] as { id: string; name: string }[]).find(
    (monitor) => monitor.name === name,
  );
  if (!found) throw new Error(`${name} exists, says the API, and does not, says its list`);
  return found.id;
}

/** What its owner may do with a monitor at this moment. */
export function possibleEdits(monitor: OwnedMonitor): (() => Promise<void>)[] {
  const { paused } = settingsOf(monitor);
  if (paused) return [() => change(monitor, { paused: false })];
  return [
    () => change(monitor, { paused: true }),
    () => requestCheck(monitor),
    () => requestCheck(monitor),
  ];
}

export async function changeRule(monitor: OwnedMonitor, random: Random): Promise<void> {
  await change(monitor, randomRule(random));
}

export async function changeInterval(monitor: OwnedMonitor, random: Random): Promise<void> {
  await change(monitor, { intervalSeconds: random.pick(INTERVALS) });
}

/**
 * With the version that it knows: a request that nobody heard of any more, because its instance was frozen, may be done much
 * later, and must not undo a later change.
 */
export async function change(monitor: OwnedMonitor, part: Partial<Settings>): Promise<void> {
  const { owner, id } = monitor;
  const settings = reachable({ ...settingsOf(monitor), ...part });
  const sentAt = Date.now() / 1000;
  for (;;) {
    const known = await owner.send('GET', `/v1/monitors/${id}`);
    const reply = await owner.send('PATCH', `/v1/monitors/${id}`, toBody(settings), {
      'if-match': known.etag,
    });
    expectStatus(monitor, reply, [200, 412]);
    const isDone =
      reply.status === 200 || isSetTo(await owner.send('GET', `/v1/monitors/${id}`), settings);
    if (isDone)
      return void monitor.edits.push({
        does: 'change',
        sentAt,
        doneAt: Date.now() / 1000,
        settings,
      });
  }
}

/** A request that was given up may be done as late as this, once its instance goes on. */
const FORGOTTEN_SECONDS = 40;

export async function requestCheck(monitor: OwnedMonitor): Promise<void> {
  const reply = await monitor.owner.send('POST', `/v1/monitors/${monitor.id}/check`);
  expectStatus(monitor, reply, [202]);
  const slot = Date.parse(String(reply.body['slot'])) / 1000;
  const { sentAt, answeredAt, attempts } = reply;
  const doneAt = attempts > 1 ? answeredAt + FORGOTTEN_SECONDS : answeredAt;
  monitor.edits.push({ does: 'check', sentAt, doneAt, settings: settingsOf(monitor), slot });
}

export async function remove(monitor: OwnedMonitor): Promise<void> {
  const reply = await monitor.owner.send('DELETE', `/v1/monitors/${monitor.id}`);
  // When the answer to the first was lost, the second finds nothing.
  expectStatus(monitor, reply, reply.attempts > 1 ? [204, 404] : [204]);
  monitor.edits.push({
    does: 'delete',
    sentAt: reply.sentAt,
    doneAt: reply.answeredAt,
    settings: settingsOf(monitor),
  });
}

/** Whether what its owner last wrote can be read, from whichever instance answers. */
export async function readBack(monitor: OwnedMonitor, record: ApiRecord): Promise<void> {
  const reply = await monitor.owner.send('GET', `/v1/monitors/${monitor.id}`);
  const isRight = isDeleted(monitor) ? reply.status === 404 : isSetTo(reply, settingsOf(monitor));
  if (isRight) return;
  const wanted = isDeleted(monitor) ? 'deleted' : JSON.stringify(toBody(settingsOf(monitor)));
  record.faults.push(`${monitor.name} was left ${wanted} and is read as ${JSON.stringify(reply)}`);
}

function isSetTo({ status, body }: Reply, settings: Settings): boolean {
  return (
    status === 200 &&
    Object.entries(toBody(settings)).every(([name, value]) => body[name] === value)
  );
}

function expectStatus({ name }: MonitorLife, reply: Reply, expected: readonly number[]): void {
  if (!expected.includes(reply.status))
    throw new Error(`${name}: ${reply.status} ${JSON.stringify(reply.body)}`);
}

function randomRule(random: Random): Pick<Settings, 'threshold' | 'windowSeconds'> {
  return { threshold: random.whole(0, 3), windowSeconds: random.whole(5, 12) };
}

/** A threshold that no number of failures can exceed is refused. */
function reachable(settings: Settings): Settings {
  return { ...settings, threshold: Math.min(settings.threshold, largestThreshold(settings)) };
}

function toBody(settings: Settings) {
  return {
    ...settings,
    timeoutMs: settings.intervalSeconds === 1 ? 800 : settings.intervalSeconds * 700,
  };
}
