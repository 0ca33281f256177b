import { formatMs } from '../../format.ts';
import type { Phases } from '../../queries.ts';
import { PHASES } from './phase-words.ts';

/** Where the time goes, in words. */
export function MeanPhases({ means }: { means: Phases }) {
  return (
    <dl className="phases" aria-label="Mean time of each phase">
      {PHASES.map(([name, label]) => (
        <div key={name}>
          <dt>{label}</dt>
          <dd>{formatMs(means[name])}</dd>
        </div>
      ))}
    </dl>
  );
}
