import { useState, type SubmitEvent } from 'react';
import type { Schema } from '@gomon/client';
import { formatDuration } from '../../format.ts';
import { Field, FormFault, faultOf, TextField } from '../../parts/forms/fields.tsx';
import { FormActions } from '../../parts/forms/form-actions.tsx';
import { textOf } from '../../parts/forms/form-text.ts';
import { Tick } from '../../parts/states/tick.tsx';
import { toggled } from '../../parts/forms/toggled.ts';
import { KINDS, readSettings, type ChannelKind, type SettingsDraft } from './channel-kinds.ts';
import { ChannelSetting } from './channel-setting.tsx';

const REMINDERS_SECONDS = [1800, 3600, 21_600, 86_400];

export interface ChannelDraft {
  readonly kind: ChannelKind;
  readonly name: string;
  readonly settings: SettingsDraft;
  readonly default: boolean;
  readonly remindEverySeconds: number | null;
}

interface ChannelFormProps {
  /** The one that is changed; its kind stays. */
  readonly channel?: Schema<'Channel'>;
  readonly verb: string;
  readonly error: Error | null;
  readonly busy: boolean;
  readonly onSubmit: (draft: ChannelDraft) => void;
  readonly onCancel: () => void;
}

export function ChannelForm({ channel, verb, error, busy, onSubmit, onCancel }: ChannelFormProps) {
  const [kind, setKind] = useState<ChannelKind>(channel?.kind ?? 'webhook');
  const [isDefault, setDefault] = useState(channel?.default ?? true);
  const [removed, setRemoved] = useState<readonly string[]>([]);
  const { fields } = KINDS[kind];
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const remindEverySeconds = Number(textOf(form, 'remind')) || null;
    const settings = {
      ...readSettings(kind, form, channel),
      ...Object.fromEntries(removed.map((name) => [name, null])),
    };
    const name = textOf(form, 'name');
    onSubmit({ kind, name, settings, default: isDefault, remindEverySeconds });
  };
  return (
    <form
      className="form"
      onSubmit={submit}
      aria-label={channel ? `Edit ${channel.name}` : 'New channel'}
    >
      <FormFault
        error={error}
        fields={['name', 'remindEverySeconds', ...fields.map(({ name }) => name)]}
      />
      <div className="form-line">
        {!channel && <KindChoice kind={kind} onChange={setKind} />}
        <TextField
          label="Name"
          name="name"
          defaultValue={channel?.name}
          required
          maxLength={100}
          fault={faultOf(error, 'name')}
        />
      </div>
      {fields.map((field) => (
        <ChannelSetting
          key={`${kind}-${field.name}`}
          field={field}
          channel={channel}
          fault={faultOf(error, field.name)}
          isRemoved={removed.includes(field.name)}
          onRemove={() => setRemoved(toggled(removed, field.name))}
        />
      ))}
      <ReminderChoice
        every={channel?.remindEverySeconds ?? null}
        fault={faultOf(error, 'remindEverySeconds')}
      />
      <label className="tick-line">
        <Tick checked={isDefault} onChange={() => setDefault(!isDefault)} />
        Send the alerts of all monitors
      </label>
      <FormActions verb={verb} busy={busy} onCancel={onCancel} />
    </form>
  );
}

function KindChoice({
  kind,
  onChange,
}: {
  kind: ChannelKind;
  onChange: (kind: ChannelKind) => void;
}) {
  return (
    <Field label="Kind">
      {(attributes) => (
        <select
          className="input"
          {...attributes}
          value={kind}
          onChange={(event) => onChange(event.target.value as ChannelKind)}
        >
          {Object.entries(KINDS).map(([each, { label }]) => (
            <option key={each} value={each}>
              {label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function ReminderChoice({ every, fault }: { every: number | null; fault: string | undefined }) {
  const choices = new Set(every === null ? REMINDERS_SECONDS : [...REMINDERS_SECONDS, every]);
  return (
    <Field label="Remind while an alert stays open" hint="Until it is acknowledged." fault={fault}>
      {(attributes) => (
        <select className="input" name="remind" defaultValue={every ?? ''} {...attributes}>
          <option value="">never</option>
          {[...choices]
            .sort((a, b) => a - b)
            .map((seconds) => (
              <option key={seconds} value={seconds}>
                {`every ${formatDuration(seconds)}`}
              </option>
            ))}
        </select>
      )}
    </Field>
  );
}
