import { phaseOf } from '@gomon/domain';
import type { TargetKind } from '../target/script.ts';

/** What a monitor is set to, as far as its checks and alerts depend on it. */
export interface Settings {
  readonly intervalSeconds: number;
  readonly threshold: number;
  readonly windowSeconds: number;
  readonly paused: boolean;
}

/** One confirmed change. Between `sentAt` and `doneAt` it may have been in force or not. Seconds since the epoch. */
export interface Edit {
  readonly does: 'create' | 'change' | 'check' | 'delete';
  readonly sentAt: number;
  readonly doneAt: number;
  /** From then on. */
  readonly settings: Settings;
  /** Of a check: the slot that was promised. */
  readonly slot?: number;
}

/** All that a monitor's owner did with it. */
export interface MonitorLife {
  readonly id: string;
  readonly name: string;
  readonly kind: TargetKind;
  /** Where the target's log has the answers that its checks tell of. */
  readonly answeredAt: string;
  readonly edits: readonly Edit[];
}

/** A time in which a monitor's grid stayed as it was: surely in (from, until), possibly in [possiblyFrom, possiblyUntil]. */
export interface GridSpan {
  readonly possiblyFrom: number;
  readonly from: number;
  readonly until: number;
  readonly possiblyUntil: number;
  readonly intervalSeconds: number;
  readonly phase: number;
}

/** The spans in which the monitor must be checked. The current one has no end. */
export function gridSpans({ id, edits }: Pick<MonitorLife, 'id' | 'edits'>): GridSpan[] {
  const turns = edits.filter((edit, i) => turnsGrid(edits[i - 1], edit));
  return turns.flatMap((edit, i) => {
    if (edit.settings.paused || edit.does === 'delete') return [];
    const { intervalSeconds } = edit.settings;
    const next = turns[i + 1];
    return [
      {
        possiblyFrom: edit.sentAt,
        from: edit.doneAt,
        until: next?.sentAt ?? Infinity,
        possiblyUntil: next?.doneAt ?? Infinity,
        intervalSeconds,
        phase: phaseOf(id, intervalSeconds),
      },
    ];
  });
}

function turnsGrid(before: Edit | undefined, edit: Edit): boolean {
  if (!before || edit.does === 'delete') return true;
  return (
    edit.settings.paused !== before.settings.paused ||
    edit.settings.intervalSeconds !== before.settings.intervalSeconds
  );
}

/** Whether this edit gives the monitor one check off its grid, right after it. */
export function givesImmediateSlot(before: Edit | undefined, edit: Edit): boolean {
  if (edit.does === 'check') return true;
  return edit.does !== 'delete' && !edit.settings.paused && turnsGrid(before, edit);
}
