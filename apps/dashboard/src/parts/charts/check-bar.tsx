import { useState, type KeyboardEvent, type PointerEvent } from 'react';
import { formatMs, formatNear, formatReason } from '../../format.ts';
import type { Check, RecentCheck } from '../../queries.ts';

/** An overview tells no more than the reason. */
type ShownCheck = RecentCheck & Partial<Pick<Check, 'explanation'>>;
type Mark = RecentCheck['outcome'] | 'none';

const STEP = 6;
const HEIGHT = 24;

/** Height tells the outcomes apart as colour does: a failure is the tallest, what is not known a dash, and no check a dot. */
const TOPS: Record<Mark, number> = { failure: 0, success: 8, unknown: 16, none: 20 };
const WIDTHS: Record<Mark, number> = { failure: 4, success: 4, unknown: 4, none: 2 };

interface CheckBarProps {
  /** Oldest first. */
  readonly checks: readonly ShownCheck[];
  /** How many columns; those without a check come first. */
  readonly columns?: number;
  readonly detailed?: boolean;
}

/** One column for each of the newest checks, the newest on the right. */
export function CheckBar({ checks, columns = 40, detailed = false }: CheckBarProps) {
  const [at, setAt] = useState<number | null>(null);
  const shown = [
    ...Array<null>(Math.max(0, columns - checks.length)).fill(null),
    ...checks.slice(-columns),
  ];
  const chosen = at === null ? null : (shown[at] ?? null);
  const point = (event: PointerEvent<HTMLElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    setAt(
      Math.min(columns - 1, Math.max(0, Math.floor(((event.clientX - left) / width) * columns))),
    );
  };
  const step = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    setAt((now) => Math.min(columns - 1, Math.max(0, (now ?? columns) + by)));
  };
  return (
    <div className={detailed ? 'bar bar-detailed' : 'bar'}>
      <div
        role="img"
        aria-label={describe(checks)}
        title={detailed || chosen === null ? undefined : describeCheck(chosen)}
        tabIndex={detailed ? 0 : undefined}
        onPointerMove={point}
        onPointerLeave={() => setAt(null)}
        onKeyDown={detailed ? step : undefined}
      >
        <svg
          viewBox={`0 0 ${columns * STEP} ${HEIGHT}`}
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          {detailed && at !== null && (
            <rect className="bar-at" x={at * STEP} width={STEP} height={HEIGHT} />
          )}
          {(Object.keys(TOPS) as Mark[]).map((mark) => (
            <path key={mark} className={`bar-${mark}`} d={drawing(shown, mark)} />
          ))}
        </svg>
      </div>
      {detailed && (
        <p className="bar-line" aria-live="polite">
          {chosen
            ? describeCheck(chosen)
            : at === null
              ? 'Point at a column or use the arrow keys to see its check.'
              : 'No data'}
        </p>
      )}
    </div>
  );
}

/** All columns of one kind in one path: a page of fifty bars stays a few hundred elements. */
function drawing(shown: readonly (ShownCheck | null)[], mark: Mark): string {
  const width = WIDTHS[mark];
  const top = TOPS[mark];
  const bottom = mark === 'unknown' ? top + 3 : HEIGHT;
  return shown
    .map((check, index) =>
      (check?.outcome ?? 'none') === mark ? index * STEP + (STEP - width) / 2 : null,
    )
    .map((x) => (x === null ? '' : `M${x} ${top}h${width}V${bottom}h-${width}z`))
    .join('');
}

function describe(checks: readonly ShownCheck[]): string {
  const last = checks.at(-1);
  if (!last) return 'No checks yet';
  const count = (outcome: string) => checks.filter((check) => check.outcome === outcome).length;
  const failed = count('failure');
  return `Last ${checks.length} checks: ${count('success')} succeeded, ${failed} failed, ${count('unknown')} unknown. Newest: ${describeCheck(last)}`;
}

function describeCheck({ slot, outcome, reason, explanation, durationMs }: ShownCheck): string {
  const parts = [
    formatNear(slot),
    outcome,
    explanation ?? formatReason(reason),
    durationMs === null ? '' : formatMs(durationMs),
  ];
  return parts.filter(Boolean).join(' · ');
}
