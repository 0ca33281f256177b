import { useState, type SubmitEvent } from 'react';
import { api, ask } from '../api.ts';
import { useAct } from '../parts/act.ts';
import { CopyText } from '../parts/copy-text.tsx';
import { Field, FormFault, faultOf, TextField } from '../parts/fields.tsx';
import { Tick } from '../parts/tick.tsx';
import { KINDS, readSettings, type ChannelKind } from './channel-kinds.ts';
import { textOf } from '../parts/form-text.ts';

export function NewChannel({ onClose }: { onClose: () => void }) {
  const [kind, setKind] = useState<ChannelKind>('webhook');
  const [isDefault, setDefault] = useState(true);
  const create = useAct({
    act: (form: FormData) => {
      const body = { kind, name: textOf(form, 'name'), settings: readSettings(kind, form), default: isDefault };
      return ask(api.POST('/v1/channels', { body }));
    },
    said: 'The channel is made. Send a test by it.',
    refresh: [['channels']],
    inForm: true,
    onDone: ({ settings }) => {
      if (typeof settings['secret'] !== 'string') onClose();
    },
  });
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    create.mutate(new FormData(event.currentTarget));
  };
  const secret = create.data?.settings['secret'];
  if (typeof secret === 'string') {
    return (
      <div className="notice notice-good" role="status">
        <p>Requests are signed with this secret. Copy it now: it is not shown again.</p>
        <CopyText label="The secret" text={secret} />
        <button type="button" className="button" onClick={onClose}>
          Done
        </button>
      </div>
    );
  }
  return (
    <form className="form panel" onSubmit={submit} aria-label="New channel">
      <FormFault error={create.error} fields={['name']} />
      <div className="form-line">
        <Field label="Kind">
          {(attributes) => (
            <select
              className="input"
              {...attributes}
              value={kind}
              onChange={(event) => setKind(event.target.value as ChannelKind)}
            >
              {Object.entries(KINDS).map(([each, { label }]) => (
                <option key={each} value={each}>
                  {label}
                </option>
              ))}
            </select>
          )}
        </Field>
        <TextField label="Name" name="name" required maxLength={100} fault={faultOf(create.error, 'name')} />
      </div>
      {KINDS[kind].fields.map(({ name, label, hint, type = 'text', optional = false }) => (
        <TextField
          key={`${kind}-${name}`}
          label={label}
          name={name}
          type={type}
          hint={hint}
          required={!optional}
          autoComplete="off"
        />
      ))}
      <label className="tick-line">
        <Tick checked={isDefault} onChange={() => setDefault(!isDefault)} />
        Tell it of the alerts of all monitors
      </label>
      <div className="actions">
        <button type="submit" className="button button-primary" disabled={create.isPending}>
          Make the channel
        </button>
        <button type="button" className="button" onClick={onClose}>
          Cancel
        </button>
      </div>
    </form>
  );
}
