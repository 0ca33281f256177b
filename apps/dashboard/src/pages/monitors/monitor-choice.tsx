import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Loaded } from '../../parts/page.tsx';
import { Tick } from '../../parts/states/tick.tsx';
import { useDebounced } from '../../parts/forms/debounced.ts';
import { monitorNamesQuery, monitorSearchQuery } from '../../queries.ts';

interface MonitorChoiceProps {
  readonly label: string;
  readonly chosen: readonly string[];
  readonly onChange: (ids: string[]) => void;
  /** Choosing another takes the place of the one before. */
  readonly single?: boolean;
}

const TYPING_MS = 250;

/** Any of one's monitors, found by name however many there are; those that are chosen come in the order of choosing. */
export function MonitorChoice({ label, chosen, onChange, single = false }: MonitorChoiceProps) {
  const [typed, setTyped] = useState('');
  // What was chosen once keeps its line, so that nothing moves under the pointer.
  const [kept, setKept] = useState(chosen);
  const names = useQuery(monitorNamesQuery(kept)).data;
  const query = useQuery(monitorSearchQuery(useDebounced(typed.trim(), TYPING_MS)));
  const toggle = (id: string) => {
    if (chosen.includes(id)) return onChange(chosen.filter((other) => other !== id));
    if (!kept.includes(id)) setKept([...kept, id]);
    onChange(single ? [id] : [...chosen, id]);
  };
  return (
    <Loaded query={query} lines={2}>
      {({ items, nextCursor }) => {
        const nameOf = (id: string) =>
          names?.get(id) ?? items.find((item) => item.id === id)?.name ?? '…';
        const found = items.filter(({ id }) => !kept.includes(id));
        const lines = [...kept.map((id) => ({ id, name: nameOf(id) })), ...found];
        return (
          <div className="choice" role="group" aria-label={label}>
            {(nextCursor !== null || typed !== '') && (
              <input
                className="input"
                type="search"
                aria-label="Search monitors"
                placeholder="Search"
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
              />
            )}
            <ul>
              {lines.map(({ id, name }) => (
                <li key={id}>
                  <label className="tick-line">
                    <Tick checked={chosen.includes(id)} onChange={() => toggle(id)} />
                    {name}
                  </label>
                </li>
              ))}
            </ul>
            <p className="hint" role="status">
              {nextCursor !== null && 'More monitors exist. Search by name.'}
              {items.length === 0 &&
                (typed === '' ? 'No monitors yet.' : 'No monitor has this name.')}
            </p>
          </div>
        );
      }}
    </Loaded>
  );
}
