import { useQuery } from '@tanstack/react-query';
import type { SubmitEvent } from 'react';
import { api, ask } from '../api.ts';
import { useAct } from '../parts/act.ts';
import { Field, FormFault, faultOf, TextField } from '../parts/fields.tsx';
import { monitorNamesQuery } from '../queries.ts';
import { textOf } from '../parts/form-text.ts';

export const MAINTENANCE_REFRESH = [['maintenance']];

/** The rules of RFC 5545 that can be chosen, in words. */
export const REPETITIONS = [
  ['', 'once'],
  ['FREQ=DAILY', 'every day'],
  ['FREQ=WEEKLY', 'every week'],
  ['FREQ=MONTHLY', 'every month'],
] as const;

const MINUTE = 60;
const { timeZone } = Intl.DateTimeFormat().resolvedOptions();

export function NewMaintenance({ onClose }: { onClose: () => void }) {
  const monitors = useQuery(monitorNamesQuery).data?.items ?? [];
  const create = useAct({
    act: (form: FormData) => {
      const text = (name: string) => textOf(form, name);
      const body = {
        name: text('name'),
        monitorId: text('monitorId') || null,
        startsAt: new Date(text('startsAt')).toISOString(),
        durationSeconds: Number(text('minutes')) * MINUTE,
        rrule: text('rrule') || null,
        timeZone,
      };
      return ask(api.POST('/v1/maintenance-windows', { body }));
    },
    said: 'The window is planned.',
    refresh: MAINTENANCE_REFRESH,
    onDone: onClose,
    inForm: true,
  });
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    create.mutate(new FormData(event.currentTarget));
  };
  return (
    <form className="form panel" onSubmit={submit} aria-label="New maintenance window">
      <FormFault error={create.error} fields={['name', 'startsAt', 'durationSeconds']} />
      <div className="form-line">
        <TextField label="Name" name="name" required maxLength={100} fault={faultOf(create.error, 'name')} />
        <Field label="Of">
          {(attributes) => (
            <select className="input" name="monitorId" {...attributes}>
              <option value="">all monitors</option>
              {monitors.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <div className="form-line">
        <TextField
          label={`Begins (${timeZone})`}
          name="startsAt"
          type="datetime-local"
          required
          fault={faultOf(create.error, 'startsAt')}
        />
        <TextField
          label="Lasts, in minutes"
          name="minutes"
          type="number"
          min={1}
          max={10_080}
          defaultValue={60}
          required
          fault={faultOf(create.error, 'durationSeconds')}
        />
        <Field label="Repeats">
          {(attributes) => (
            <select className="input" name="rrule" {...attributes}>
              {REPETITIONS.map(([rule, label]) => (
                <option key={rule} value={rule}>
                  {label}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <div className="actions">
        <button type="submit" className="button button-primary" disabled={create.isPending}>
          Plan it
        </button>
        <button type="button" className="button" onClick={onClose}>
          Cancel
        </button>
      </div>
    </form>
  );
}
