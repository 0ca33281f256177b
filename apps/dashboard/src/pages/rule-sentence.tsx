import { formatDuration, formatUnit } from '../format.ts';
import type { Draft } from './monitor-draft.ts';

const WINDOWS = [5, 10, 30, 60, 120, 180, 300, 600, 900, 1800, 3600];

interface RuleSentenceProps {
  readonly draft: Draft;
  readonly onChange: (changes: Partial<Draft>) => void;
  readonly fault: string | undefined;
}

/** The rule, written as one reads it. */
export function RuleSentence({ draft, onChange, fault }: RuleSentenceProps) {
  const { threshold, windowSeconds, intervalSeconds } = draft;
  const windows = WINDOWS.includes(windowSeconds) ? WINDOWS : [...WINDOWS, windowSeconds].sort((a, b) => a - b);
  return (
    <fieldset className="field rule">
      <legend>Alert</legend>
      <p className="rule-sentence">
        when more than{' '}
        <input
          className="input input-number"
          type="number"
          aria-label="Failures that are allowed"
          min={0}
          max={10_000}
          required
          value={threshold}
          onChange={(event) => onChange({ threshold: event.target.valueAsNumber || 0 })}
        />{' '}
        of the checks in the last{' '}
        <select
          className="input input-short"
          aria-label="Window"
          value={windowSeconds}
          onChange={(event) => onChange({ windowSeconds: Number(event.target.value) })}
        >
          {windows.map((seconds) => (
            <option key={seconds} value={seconds}>
              {seconds < 60 ? formatUnit(seconds, 'second') : formatUnit(seconds / 60, 'minute')}
            </option>
          ))}
        </select>{' '}
        fail.
      </p>
      <p className="hint">{explain(threshold, Math.floor(windowSeconds / intervalSeconds), intervalSeconds)}</p>
      {fault && <p className="fault">{fault}</p>}
    </fieldset>
  );
}

function explain(threshold: number, checks: number, intervalSeconds: number): string {
  if (checks === 0) return 'No more than one check falls into this window.';
  if (threshold >= checks) {
    return `Only ${checks} checks fall into the window, so this never alerts: allow fewer failures, or take a longer window.`;
  }
  const soonest = formatDuration(Math.max(1, threshold) * intervalSeconds);
  const first = threshold === 0 ? 'the first failed check opens an alert' : `an outage is told after about ${soonest}`;
  return `${checks} checks fall into the window; ${threshold + 1} failed ones open an alert, so ${first}.`;
}
