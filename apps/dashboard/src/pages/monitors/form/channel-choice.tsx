import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Tick } from '../../../parts/states/tick.tsx';
import { toggled } from '../../../parts/forms/toggled.ts';
import { channelsQuery } from '../../../queries.ts';

interface ChannelChoiceProps {
  readonly chosen: readonly string[];
  readonly onChange: (ids: string[]) => void;
}

/** The channels of this monitor, in addition to those used for all monitors. */
export function ChannelChoice({ chosen, onChange }: ChannelChoiceProps) {
  const channels = useQuery(channelsQuery).data?.items ?? [];
  const others = channels.filter((channel) => !channel.default);
  const told = channels.filter((channel) => channel.default).map(({ name }) => name);
  return (
    <fieldset className="field">
      <legend>Channels</legend>
      {told.length > 0 && <p className="hint">Gets every alert: {told.join(', ')}.</p>}
      {channels.length === 0 && (
        <p className="hint">
          No channels yet: alerts appear only here. <Link to="/channels">Create one</Link>
        </p>
      )}
      {others.map(({ id, name }) => (
        <label key={id} className="tick-line">
          <Tick checked={chosen.includes(id)} onChange={() => onChange(toggled(chosen, id))} />
          {name}
        </label>
      ))}
    </fieldset>
  );
}
