import type { Schema } from '@gomon/client';
import { Field, TextField } from '../../parts/forms/fields.tsx';
import { Tick } from '../../parts/states/tick.tsx';
import { isTemplate, shownSetting, type ChannelField } from './channel-kinds.ts';

interface ChannelSettingProps {
  readonly field: ChannelField;
  /** The one that is changed, if it is no new one. */
  readonly channel: Schema<'Channel'> | undefined;
  readonly fault: string | undefined;
  readonly isRemoved: boolean;
  readonly onRemove: () => void;
}

export function ChannelSetting(props: ChannelSettingProps) {
  const { field, channel, fault, isRemoved, onRemove } = props;
  const { name, label, hint, type = 'text', optional = false, secret = false } = field;
  if (type === 'template') return <TemplateSetting {...props} />;
  const isKept = secret && channel?.settings[name] === null;
  return (
    <>
      <TextField
        label={label}
        name={name}
        type={type === 'addresses' ? 'text' : type}
        hint={isKept ? 'Never shown. Leave it empty to keep it.' : hint}
        defaultValue={channel && shownSetting(channel, name)}
        required={!optional && !isKept}
        disabled={isRemoved}
        autoComplete={type === 'password' ? 'new-password' : 'off'}
        fault={fault}
      />
      {isKept && optional && (
        <label className="tick-line">
          <Tick checked={isRemoved} onChange={onRemove} />
          {`Remove the ${label.toLowerCase()}`}
        </label>
      )}
    </>
  );
}

function TemplateSetting({ field: { name, label, hint }, channel, fault }: ChannelSettingProps) {
  return (
    <Field label={label} hint={hint} fault={fault}>
      {(attributes) => (
        <textarea
          className="input mono"
          name={name}
          rows={5}
          spellCheck={false}
          defaultValue={channel && shownSetting(channel, name)}
          onInput={({ currentTarget }) =>
            currentTarget.setCustomValidity(validityOf(currentTarget.value))
          }
          {...attributes}
        />
      )}
    </Field>
  );
}

const validityOf = (text: string) =>
  text.trim() === '' || isTemplate(text) ? '' : 'This must be an object in JSON.';
