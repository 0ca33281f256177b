import { alertsFollowRows, noFalseResolution, oneOpenAlert } from '../invariants/alerts.ts';
import { nothingUnknownIsUp } from '../invariants/standings.ts';
import { windowsEqualRows } from '../invariants/windows.ts';
import type { Defect } from './defect.ts';

/** Mistakes on the way from rows to alerts. */
export const alertDefects: readonly Defect[] = [
  {
    name: 'the window is fed with new rows only',
    patches: [
      {
        file: 'libs/persistence/src/pipeline/ingest.ts',
        from: 'inserted === stored.length ? stored : await asStored(db, stored)',
        to: 'inserted === stored.length ? stored : (void asStored, [])',
      },
    ],
    faults: ['lost answers to an insert', 'lost answers of the windows', 'kill windows'],
    caughtBy: alertsFollowRows.name,
  },
  {
    name: 'a window that was lost is not filled from the rows',
    patches: [
      {
        file: 'libs/alerting/src/window-cache/window-cache.ts',
        from: 'if (unfilled.length === 0) return states;',
        to: 'return states;',
      },
    ],
    faults: ['flush windows'],
    caughtBy: alertsFollowRows.name,
  },
  {
    name: 'windows are a second too long',
    patches: [
      {
        file: 'libs/alerting/src/window-cache/record-failures.ts',
        from: "'-inf', newest - window)",
        to: "'-inf', newest - window - 1)",
      },
    ],
    faults: ['doubled and shuffled results'],
    caughtBy: windowsEqualRows.name,
  },
  {
    name: 'late results are ignored',
    patches: [
      {
        file: 'apps/scheduler/src/ingest/find-changed-monitors.ts',
        from: 'if (count.late || oldestSlot < newestSlot) return true;',
        to: '',
      },
      { file: 'apps/scheduler/src/ingest/find-changed-monitors.ts', from: 'overtaken.has(monitorId) ||', to: '' },
    ],
    faults: ['late results', 'doubled and shuffled results'],
    caughtBy: alertsFollowRows.name,
  },
  {
    name: 'alerts are reconciled without the lock',
    patches: [
      { file: 'libs/persistence/src/pipeline/reconcile.ts', from: ' ORDER BY id FOR NO KEY UPDATE`', to: ' ORDER BY id`' },
    ],
    faults: ['slow database', 'doubled and shuffled results', 'late results'],
    caughtBy: alertsFollowRows.name,
  },
  {
    name: 'a threshold that is reached counts as exceeded',
    patches: [
      {
        file: 'libs/alerting/src/rule.ts',
        from: '!current && failures > rule.threshold',
        to: '!current && failures >= rule.threshold',
      },
      {
        file: 'apps/scheduler/src/ingest/find-changed-monitors.ts',
        from: 'return count.failures > state.threshold',
        to: 'return count.failures >= state.threshold',
      },
    ],
    faults: [],
    caughtBy: alertsFollowRows.name,
  },
  {
    name: 'a failed check after a gap resolves an alert',
    patches: [
      { file: 'libs/alerting/src/rule.ts', from: '!check.failed && failures <=', to: 'failures <=' },
      { file: 'apps/scheduler/src/ingest/find-changed-monitors.ts', from: 'failures.length === 0 && count', to: 'count' },
    ],
    faults: ['freeze queue', 'kill queue'],
    caughtBy: noFalseResolution.name,
  },
  {
    name: 'what was known last is shown for ever',
    patches: [
      { file: 'libs/persistence/src/reports/monitor-status.ts', from: "       WHEN ${IS_STALE} THEN 'stale'\n", to: '' },
      {
        file: 'libs/persistence/src/reports/monitor-status.ts',
        from: 'WHEN known.slot > ${STALE_SINCE} THEN',
        to: 'WHEN known.slot IS NOT NULL THEN',
      },
    ],
    faults: ['freeze queue', 'kill queue'],
    caughtBy: nothingUnknownIsUp.name,
  },
  {
    name: 'no unique index on open alerts',
    sql: ['DROP INDEX alerts_open_key'],
    faults: [],
    caughtBy: oneOpenAlert.name,
  },
];
