import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Loaded } from '../parts/page.tsx';
import { Tick } from '../parts/tick.tsx';
import { monitorNamesQuery } from '../queries.ts';

interface MonitorChoiceProps {
  readonly label: string;
  readonly chosen: readonly string[];
  readonly onChange: (ids: string[]) => void;
}

const MANY = 8;

/** Any of one's monitors, by name; those that are chosen come in the order of choosing. */
export function MonitorChoice({ label, chosen, onChange }: MonitorChoiceProps) {
  const query = useQuery(monitorNamesQuery);
  const [typed, setTyped] = useState('');
  const toggle = (id: string) => onChange(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id]);
  return (
    <Loaded query={query} lines={2}>
      {({ items }) => (
        <div className="choice" role="group" aria-label={label}>
          {items.length > MANY && (
            <input
              className="input"
              type="search"
              aria-label="Search monitors"
              placeholder="Search"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
          {items.length === 0 && <p className="muted">There is no monitor to choose yet.</p>}
          <ul>
            {items
              .filter(({ name }) => name.toLowerCase().includes(typed.toLowerCase()))
              .map(({ id, name }) => (
                <li key={id}>
                  <label className="tick-line">
                    <Tick checked={chosen.includes(id)} onChange={() => toggle(id)} />
                    {name}
                  </label>
                </li>
              ))}
          </ul>
        </div>
      )}
    </Loaded>
  );
}
