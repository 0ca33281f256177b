import type { Finding } from './invariants/invariant.ts';
import type { Inflicted } from './nemesis/nemesis.ts';
import type { Progress } from './watch/sampler.ts';

export interface Judged extends Finding {
  readonly name: string;
}

/** What a run came to. */
export interface RunReport {
  readonly judged: readonly Judged[];
  readonly inflicted: readonly Inflicted[];
  readonly rows: number;
  readonly alerts: { readonly opened: number; readonly resolved: number };
  readonly messages: {
    readonly notifications: number;
    readonly attempts: number;
    readonly repeated: number;
  };
  readonly takeovers: number;
  readonly stalledJobs: number;
  readonly duplicates: number;
  readonly progress: readonly Progress[];
}

const SHOWN_FAULTS = 8;

/** Why the run proves nothing: what it was to survive did not happen. */
export function voidReasons({
  takeovers,
  stalledJobs,
  duplicates,
  alerts,
  messages,
}: RunReport): string[] {
  return [
    ...(takeovers === 0 ? ['no shard was taken over'] : []),
    ...(stalledJobs === 0 ? ['no job was taken again from a process that was gone'] : []),
    ...(duplicates === 0 ? ['no result came twice'] : []),
    ...(alerts.resolved === 0 ? ['no alert opened and resolved'] : []),
    ...(messages.repeated === 0 ? ['no message was taken twice'] : []),
  ];
}

export function describeRun(report: RunReport): string[] {
  const { judged, inflicted, rows, alerts, messages, takeovers, stalledJobs, duplicates } = report;
  const kinds = Map.groupBy(inflicted, ({ planned }) => planned.kind.name);
  const recovery = longestRecovery(report);
  return [
    `Faults: ${inflicted.length}`,
    ...[...kinds].map(([name, faults]) => `  ${String(faults.length).padStart(3)} ${name}`).sort(),
    `Rows: ${rows}; alerts opened: ${alerts.opened}, resolved: ${alerts.resolved}`,
    `Notifications: ${messages.notifications}; attempts: ${messages.attempts}; taken again by a receiver: ${messages.repeated}`,
    `Takeovers of a shard: ${takeovers}; stalled jobs taken again: ${stalledJobs}; duplicates absorbed: ${duplicates}`,
    recovery
      ? `Longest recovery: ${recovery.seconds.toFixed(1)} s after ${recovery.name}`
      : 'Nothing to recover from',
    'Invariants:',
    ...judged.flatMap(describeJudged),
  ];
}

function describeJudged({ name, looked, faults }: Judged): string[] {
  const more = faults.length - SHOWN_FAULTS;
  return [
    `  ${faults.length === 0 ? 'holds ' : 'BROKEN'}  ${name} (${looked})`,
    ...faults.slice(0, SHOWN_FAULTS).map((fault) => `            ${fault}`),
    ...(more > 0 ? [`            and ${more} more`] : []),
  ];
}

/**
 * From the end of a fault until every monitor had been checked at a slot after it, whatever else happened meanwhile. No check waits
 * for a receiver.
 */
function longestRecovery({
  inflicted,
  progress,
}: RunReport): { name: string; seconds: number } | null {
  const ofChecks = inflicted.filter(({ planned }) => planned.kind.lane !== 'receivers');
  const recoveries = ofChecks.map(({ planned, endedAt }) => {
    const recovered = progress.find(({ at, through }) => at > endedAt && through > endedAt);
    return {
      name: `${planned.kind.name} (${planned.subject})`,
      seconds: (recovered?.at ?? Infinity) - endedAt,
    };
  });
  return recoveries.toSorted((a, b) => b.seconds - a.seconds)[0] ?? null;
}
