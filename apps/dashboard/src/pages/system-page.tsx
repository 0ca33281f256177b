import { useQuery } from '@tanstack/react-query';
import type { Schema } from '@gomon/client';
import { formatDuration, formatNumber } from '../format.ts';
import { Age } from '../parts/states/now.tsx';
import { Loaded, Page } from '../parts/page.tsx';
import { statusQuery } from '../queries.ts';

type Status = Schema<'Status'>;

interface Reading {
  readonly name: string;
  readonly meaning: string;
  readonly value: string | null;
}

const seconds = (value: number | null) => (value === null ? null : formatDuration(value));

const readings = (status: Status): Reading[] => [
  {
    name: 'Dispatch',
    meaning: 'Time since checks were last queued, in the slowest shard',
    value: seconds(status.lastDispatchedAgeSeconds),
  },
  {
    name: 'Queue',
    meaning: 'How long the oldest check has been waiting for a prober',
    value: seconds(status.queueAgeSeconds),
  },
  {
    name: 'Ingest',
    meaning: 'How long the oldest result has been waiting to be stored',
    value: seconds(status.ingestDelaySeconds),
  },
  {
    name: 'Probers',
    meaning: 'Probers that reach the queue and the network',
    value: status.probersSeen === null ? null : formatNumber(status.probersSeen),
  },
  {
    name: 'Expired',
    meaning:
      'Checks of the last two minutes that no prober started in time. Add probers if this is not 0',
    value: status.checksExpired === null ? null : formatNumber(status.checksExpired),
  },
];

/** Who watches the watcher: whether checks happen when they should. */
export function SystemPage() {
  const query = useQuery(statusQuery);
  return (
    <Page title="System" narrow>
      <Loaded query={query}>
        {(status) => (
          <>
            <div
              className={status.status === 'ok' ? 'notice notice-good' : 'notice notice-bad'}
              role="status"
            >
              <p>
                <strong>
                  {status.status === 'ok'
                    ? 'Checks are on time.'
                    : 'Checks are late, or a component is unreachable.'}
                </strong>
              </p>
              <p>
                A scheduler last read the queue <Age at={status.checkedAt} />.
              </p>
            </div>
            <dl className="readings">
              {readings(status).map(({ name, meaning, value }) => (
                <div key={name}>
                  <dt>
                    {name}
                    <span className="muted">{meaning}</span>
                  </dt>
                  <dd>{value ?? 'not known'}</dd>
                </div>
              ))}
            </dl>
            <p className="muted">
              Each process serves metrics for Prometheus. The API is documented at{' '}
              <a href="/docs">/docs</a>.
            </p>
          </>
        )}
      </Loaded>
    </Page>
  );
}
