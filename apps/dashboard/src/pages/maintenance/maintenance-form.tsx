import { useState, type SubmitEvent } from 'react';
import type { Schema } from '@gomon/client';
import { Field, FormFault, faultOf, TextField } from '../../parts/forms/fields.tsx';
import { FormActions } from '../../parts/forms/form-actions.tsx';
import { textOf } from '../../parts/forms/form-text.ts';
import {
  draftOf,
  HERE,
  REPETITIONS,
  TIME_ZONES,
  toBody,
  type MaintenanceDraft,
} from './maintenance-draft.ts';
import { MonitorChoice } from '../monitors/monitor-choice.tsx';

interface MaintenanceFormProps {
  readonly window?: Schema<'MaintenanceWindow'>;
  readonly verb: string;
  readonly error: Error | null;
  readonly busy: boolean;
  readonly onSubmit: (body: ReturnType<typeof toBody>) => void;
  readonly onCancel: () => void;
}

const FIELDS = ['name', 'monitorId', 'startsAt', 'durationSeconds', 'rrule', 'timeZone'];

export function MaintenanceForm({
  window,
  verb,
  error,
  busy,
  onSubmit,
  onCancel,
}: MaintenanceFormProps) {
  const initial = draftOf(window);
  const [monitorIds, setMonitorIds] = useState(window?.monitorId ? [window.monitorId] : []);
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const typed = Object.keys(initial).map((name) => [name, textOf(form, name)]);
    onSubmit(
      toBody(
        { ...(Object.fromEntries(typed) as MaintenanceDraft), monitorId: monitorIds[0] ?? '' },
        window,
      ),
    );
  };
  const fault = (name: string) => faultOf(error, name);
  return (
    <form
      className="form"
      onSubmit={submit}
      aria-label={window ? `Edit ${window.name}` : 'New maintenance window'}
    >
      <FormFault error={error} fields={FIELDS} />
      <div className="form-line">
        <TextField
          label="Name"
          name="name"
          hint="Shown on your status pages."
          defaultValue={initial.name}
          required
          maxLength={100}
          fault={fault('name')}
        />
      </div>
      <div className="form-line">
        <TextField
          label={`Begins (${HERE})`}
          name="startsAt"
          type="datetime-local"
          defaultValue={initial.startsAt}
          required
          fault={fault('startsAt')}
        />
        <TextField
          label="Duration in minutes"
          name="minutes"
          type="number"
          min={1}
          max={10_080}
          step="any"
          defaultValue={initial.minutes}
          required
          fault={fault('durationSeconds')}
        />
      </div>
      <fieldset className="field">
        <legend>Only one monitor</legend>
        <MonitorChoice
          label="Only one monitor"
          single
          chosen={monitorIds}
          onChange={setMonitorIds}
        />
        <p className="hint">Leave it empty for all monitors.</p>
        {fault('monitorId') && <p className="fault">{fault('monitorId')}</p>}
      </fieldset>
      <div className="form-line">
        <Choice label="Repeats" name="rrule" chosen={initial.rrule} fault={fault('rrule')}>
          {REPETITIONS}
        </Choice>
        <Choice
          label="Time zone"
          name="timeZone"
          chosen={initial.timeZone}
          fault={fault('timeZone')}
        >
          {TIME_ZONES.map((zone) => [zone, zone])}
        </Choice>
      </div>
      <FormActions verb={verb} busy={busy} onCancel={onCancel} />
    </form>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly name: string;
  readonly chosen: string;
  readonly fault: string | undefined;
  readonly children: readonly (readonly [string, string])[];
}

/** One of a list, or what was chosen elsewhere. */
function Choice({ label, name, chosen, fault, children: options }: ChoiceProps) {
  const isListed = options.some(([value]) => value === chosen);
  return (
    <Field label={label} fault={fault}>
      {(attributes) => (
        <select
          key={String(isListed)}
          className="input"
          name={name}
          defaultValue={chosen}
          {...attributes}
        >
          {(isListed ? options : [...options, [chosen, chosen] as const]).map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
