import { formatDuration, formatUnit } from '../../../format.ts';
import { largestThreshold, NEVER_ALERTS, type Draft } from './monitor-draft.ts';

const WINDOWS = [5, 10, 30, 60, 120, 180, 300, 600, 900, 1800, 3600];

interface RuleSentenceProps {
  readonly draft: Draft;
  readonly onChange: (changes: Partial<Draft>) => void;
  /** Whether the form cannot be sent with this rule. */
  readonly isRefused: boolean;
  readonly fault: string | undefined;
}

const MOST = 10_000;

/** The rule, written as one reads it. */
export function RuleSentence({ draft, onChange, isRefused, fault }: RuleSentenceProps) {
  const { threshold, windowSeconds } = draft;
  const largest = largestThreshold(draft);
  const windows = WINDOWS.includes(windowSeconds)
    ? WINDOWS
    : [...WINDOWS, windowSeconds].sort((a, b) => a - b);
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
          max={isRefused ? Math.min(MOST, largest) : MOST}
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
      <p className={threshold > largest && threshold !== NEVER_ALERTS ? 'fault' : 'hint'}>
        {explain(draft, largest)}
      </p>
      {fault && <p className="fault">{fault}</p>}
    </fieldset>
  );
}

function explain({ threshold, intervalSeconds }: Draft, largest: number): string {
  const holds =
    largest === 0 ? 'The window holds 1 check' : `The window holds ${largest + 1} checks`;
  if (threshold > largest && threshold === NEVER_ALERTS)
    return 'This monitor never alerts. Checks are only counted.';
  if (threshold > largest) {
    return `${holds}, so this rule never alerts. Allow at most ${largest === 1 ? '1 failure' : `${largest} failures`}, or choose a longer window.`;
  }
  const soonest = formatDuration(Math.max(1, threshold) * intervalSeconds);
  if (threshold === 0) return `${holds}. The first failed check opens an alert.`;
  return `${holds}. You are notified about ${soonest} after an outage starts, when ${threshold + 1} checks have failed.`;
}
