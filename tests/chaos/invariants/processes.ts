import type { AppEnd } from '../stack/app.ts';
import type { Resources } from '../evidence/evidence.ts';
import type { Invariant } from './invariant.ts';

const TERM_SECONDS = 30;

export const orderlyEnds: Invariant = {
  name: 'a process that is asked to ends within 30 s with code 0, and none ends unasked',
  check: ({ ends, alarms }) => {
    const asked = ends.filter(({ cause }) => cause === 'term');
    const faults = [
      ...asked
        .filter(({ code, seconds }) => code !== 0 || seconds > TERM_SECONDS)
        .map((end) => `${describe(end)}, ${end.seconds.toFixed(1)} s after SIGTERM`),
      ...ends.filter(({ cause }) => cause === 'alone').map((end) => `${describe(end)}, unasked`),
      ...alarms,
    ];
    const starts = ends.filter(({ cause }) => cause === 'start').length;
    return {
      looked: `${asked.length} processes asked to end, ${starts} that could not start while a server was away`,
      faults,
    };
  },
};

const describe = ({ name, pid, code, signal }: AppEnd) =>
  `${name} (${pid}) ended with ${signal ?? `code ${code}`}`;

/** What a process may hold more than at the start: code that was compiled since, a pool that was needed. */
const DESCRIPTORS = 12;
const MEGABYTES = 250;
const CONNECTIONS = 12;

export const resourcesReturn: Invariant = {
  name: 'descriptors, memory and connections are back where they began',
  check: ({ before, after }) => {
    const most = (part: 'descriptors' | 'megabytes') =>
      Math.max(0, ...[...after.processes.values()].map((process) => process[part]));
    return {
      looked: `${after.processes.size} processes with at most ${most('descriptors')} descriptors and ${most('megabytes')} MB, ${after.databaseConnections} database connections`,
      faults: resourceFaults(before, after),
    };
  },
};

export function resourceFaults(before: Resources, after: Resources): string[] {
  const ofProcesses = [...after.processes].flatMap(([name, { descriptors, megabytes }]) => {
    const base = before.processes.get(name);
    if (!base) return [];
    return [
      ...(descriptors > base.descriptors + DESCRIPTORS
        ? [`${name} has ${descriptors} descriptors, ${base.descriptors} before`]
        : []),
      ...(megabytes > base.megabytes + MEGABYTES
        ? [`${name} has ${megabytes} MB, ${base.megabytes} before`]
        : []),
    ];
  });
  const ofServers = (['databaseConnections', 'queueClients'] as const)
    .filter((what) => after[what] > before[what] + CONNECTIONS)
    .map((what) => `${after[what]} ${what}, ${before[what]} before`);
  return [...ofProcesses, ...ofServers];
}
