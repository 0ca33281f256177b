import { useQueries } from '@tanstack/react-query';
import { formatMs, formatNumber, formatRatio } from '../../format.ts';
import { Section } from '../../parts/page.tsx';
import { PERIODS, statsQuery } from '../../queries.ts';

const COLUMNS = ['Uptime', 'Succeeded', 'Failed', 'Unknown', 'p50', 'p95', 'p99'];
const NAMES = { '1h': 'Last hour', '24h': '24 hours', '7d': '7 days', '30d': '30 days' };

export function UptimeFigures({ id }: { id: string }) {
  const stats = useQueries({ queries: PERIODS.map((period) => statsQuery(id, period)) });
  return (
    <Section title="Uptime" note="share of successful checks; unknown checks are not counted">
      <div className="scroll-x" role="region" aria-label="Uptime figures" tabIndex={0}>
        <table className="table stack figures">
          <thead>
            <tr>
              <th scope="col">Period</th>
              {COLUMNS.map((column) => (
                <th key={column} scope="col" className="cell-number">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {PERIODS.map((period, index) => {
              const figures = stats[index]?.data;
              const cells = figures
                ? [
                    formatRatio(figures.uptimeRatio),
                    ...[figures.successes, figures.failures, figures.unknown].map(formatNumber),
                    ...[figures.latencyMs.p50, figures.latencyMs.p95, figures.latencyMs.p99].map(
                      formatMs,
                    ),
                  ]
                : COLUMNS.map(() => (stats[index]?.isError ? 'not known' : '…'));
              return (
                <tr key={period}>
                  <th scope="row">{NAMES[period]}</th>
                  {cells.map((cell, column) => (
                    <td
                      key={column}
                      data-label={COLUMNS[column]}
                      className={column === 0 ? 'cell-number strong' : 'cell-number'}
                    >
                      {cell}
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
