import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formatMs, formatNear, formatReason } from '../format.ts';
import { Outcome } from '../parts/outcome.tsx';
import { Empty, Loaded, Section } from '../parts/page.tsx';
import { Segments } from '../parts/segments.tsx';
import { checksQuery, type Check } from '../queries.ts';

const CHOICES = [
  ['all', 'All'],
  ['failure', 'Failed'],
  ['unknown', 'Unknown'],
] as const;

const SHOWN = 30;

export function CheckTable({ id }: { id: string }) {
  const [outcome, setOutcome] = useState<(typeof CHOICES)[number][0]>('all');
  const query = useQuery(checksQuery(id, outcome === 'all' ? undefined : outcome));
  return (
    <Section
      title="Checks"
      note={`the newest ${SHOWN}`}
      actions={<Segments label="Outcome" options={CHOICES} value={outcome} onChange={setOutcome} />}
    >
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={outcome === 'all' ? 'No checks yet' : 'None'} />
          ) : (
            <Rows checks={items.slice(0, SHOWN)} />
          )
        }
      </Loaded>
    </Section>
  );
}

function Rows({ checks }: { checks: readonly Check[] }) {
  return (
    <table className="table checks">
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">Outcome</th>
          <th scope="col" className="cell-wide">
            Reason
          </th>
          <th scope="col" className="cell-number">
            Status
          </th>
          <th scope="col" className="cell-number">
            Took
          </th>
        </tr>
      </thead>
      <tbody>
        {checks.map(({ slot, outcome, reason, statusCode, durationMs }) => (
          <tr key={slot}>
            <td className="nowrap">{formatNear(slot)}</td>
            <td>
              <Outcome outcome={outcome} />
            </td>
            <td className="cell-wide">{formatReason(reason)}</td>
            <td className="cell-number">{statusCode ?? '–'}</td>
            <td className="cell-number">{formatMs(durationMs)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
