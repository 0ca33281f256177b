import { formatMs } from '../format.ts';
import type { Latency } from '../queries.ts';

type Phase = 'dnsMs' | 'connectMs' | 'tlsMs' | 'firstByteMs';

const PHASES: readonly (readonly [Phase, string])[] = [
  ['dnsMs', 'Name'],
  ['connectMs', 'Connect'],
  ['tlsMs', 'TLS'],
  ['firstByteMs', 'First byte'],
];

/** Where the time goes, as the mean over all buckets that know. */
export function Phases({ points }: { points: Latency['points'] }) {
  const known = points.flatMap(({ count, phases }) => (phases ? [{ count, phases }] : []));
  const total = known.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return null;
  const means = PHASES.map(([phase, label]) => ({
    label,
    ms: known.reduce((sum, { count, phases }) => sum + (phases[phase] ?? 0) * count, 0) / total,
  }));
  return (
    <dl className="phases" aria-label="Mean time of each phase">
      {means.map(({ label, ms }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{formatMs(ms)}</dd>
        </div>
      ))}
    </dl>
  );
}
