import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schema } from '@gomon/client';
import { api, ask } from '../../api.ts';
import { formatDuration, formatNear } from '../../format.ts';
import { useAct } from '../../parts/forms/act.ts';
import { useConfirm } from '../../parts/forms/confirm.tsx';
import { Icon } from '../../parts/icons.tsx';
import { Empty, Loaded, Page } from '../../parts/page.tsx';
import { maintenanceQuery, monitorNamesQuery } from '../../queries.ts';
import { REPETITIONS } from './maintenance-draft.ts';
import { NewMaintenance } from './new-maintenance.tsx';

type Window = Schema<'MaintenanceWindow'>;

export function MaintenancePage() {
  const query = useQuery(maintenanceQuery);
  const [adding, setAdding] = useState(false);
  const add = (
    <button
      type="button"
      className="button button-primary"
      onClick={() => setAdding(true)}
      disabled={adding}
    >
      <Icon name="plus" />
      New window
    </button>
  );
  return (
    <Page
      title="Maintenance"
      note="During a window, checks continue and alerts are recorded. Notifications are held until it ends."
      actions={add}
    >
      {adding && <NewMaintenance onClose={() => setAdding(false)} />}
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="No maintenance windows" />
          ) : (
            <WindowTable windows={items} />
          )
        }
      </Loaded>
    </Page>
  );
}

function WindowTable({ windows }: { windows: readonly Window[] }) {
  const names = useQuery(
    monitorNamesQuery(windows.flatMap(({ monitorId }) => monitorId ?? [])),
  ).data;
  return (
    <table className="table stack">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Monitors</th>
          <th scope="col">Starts</th>
          <th scope="col">Duration</th>
          <th scope="col">Repeats</th>
          <th scope="col">
            <span className="hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {windows.map((window) => (
          <tr key={window.id}>
            <td className="cell-name">
              <span className="row-link">{window.name}</span>
              {window.active && <span className="tag">now</span>}
            </td>
            <td data-label="Monitors">
              {window.monitorId === null
                ? 'all monitors'
                : (names?.get(window.monitorId) ?? 'one monitor')}
            </td>
            <td data-label="Starts">{formatNear(window.startsAt)}</td>
            <td data-label="Duration">{formatDuration(window.durationSeconds)}</td>
            <td data-label="Repeats">{repetition(window)}</td>
            <td className="cell-actions">
              <Link
                to="/maintenance/$id/edit"
                params={{ id: window.id }}
                className="button"
                aria-label={`Edit ${window.name}`}
              >
                Edit
              </Link>
              <DeleteButton window={window} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function repetition({ rrule, timeZone }: Window): string {
  if (rrule === null) return 'once';
  return `${REPETITIONS.find(([rule]) => rule === rrule)?.[1] ?? rrule} (${timeZone})`;
}

function DeleteButton({ window: { id, name } }: { window: Window }) {
  const confirm = useConfirm();
  const remove = useAct({
    act: () => ask(api.DELETE('/v1/maintenance-windows/{id}', { params: { path: { id } } })),
    said: 'Maintenance window deleted.',
    refresh: [['maintenance']],
  });
  const onClick = async () => {
    const text = 'Notifications that it holds are sent.';
    if (await confirm({ title: `Delete ${name}?`, text, verb: 'Delete' })) remove.mutate();
  };
  return (
    <button
      type="button"
      className="button button-quiet-danger"
      aria-label={`Delete ${name}`}
      onClick={() => void onClick()}
    >
      Delete
    </button>
  );
}
