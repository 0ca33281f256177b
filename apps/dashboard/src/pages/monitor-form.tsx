import { useState, type SubmitEvent } from 'react';
import { Field, FormFault, faultOf, TextField } from '../parts/fields.tsx';
import { formatUnit } from '../format.ts';
import { AdvancedFields } from './advanced-fields.tsx';
import { AlertPreview } from './alert-preview.tsx';
import { ChannelChoice } from './channel-choice.tsx';
import type { Draft } from './monitor-draft.ts';
import { ProbeTrial } from './probe-trial.tsx';
import { RuleSentence } from './rule-sentence.tsx';

const INTERVALS = [1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 300, 600, 900, 1800, 3600];
const FIELDS = ['name', 'url', 'threshold', 'windowSeconds', 'intervalSeconds', 'tags', 'timeoutMs', 'expectedStatus', 'headers'];

interface MonitorFormProps {
  readonly initial: Draft;
  /** Of a monitor that is there already: its history can be asked. */
  readonly id?: string;
  readonly verb: string;
  readonly error: Error | null;
  readonly busy: boolean;
  readonly onSubmit: (draft: Draft) => void;
  readonly onCancel: () => void;
}

export function MonitorForm({ initial, id, verb, error, busy, onSubmit, onCancel }: MonitorFormProps) {
  const [draft, setDraft] = useState(initial);
  const change = (changes: Partial<Draft>) => setDraft((before) => ({ ...before, ...changes }));
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    onSubmit(draft);
  };
  return (
    <form className="form" onSubmit={submit}>
      <FormFault error={error} fields={FIELDS} />
      <TextField
        label="Name"
        value={draft.name}
        onChange={(event) => change({ name: event.target.value })}
        required
        maxLength={100}
        autoFocus={id === undefined}
        fault={faultOf(error, 'name')}
      />
      <TextField
        label="URL"
        type="url"
        placeholder="https://"
        value={draft.url}
        onChange={(event) => change({ url: event.target.value })}
        required
        fault={faultOf(error, 'url')}
      />
      {id === undefined && <ProbeTrial draft={draft} />}
      <Field label="Check it every" fault={faultOf(error, 'intervalSeconds')}>
        {(attributes) => (
          <select
            className="input input-short"
            {...attributes}
            value={draft.intervalSeconds}
            onChange={(event) => change({ intervalSeconds: Number(event.target.value) })}
          >
            {INTERVALS.map((seconds) => (
              <option key={seconds} value={seconds}>
                {seconds < 60 ? formatUnit(seconds, 'second') : formatUnit(seconds / 60, 'minute')}
              </option>
            ))}
          </select>
        )}
      </Field>
      <RuleSentence draft={draft} onChange={change} fault={faultOf(error, 'threshold') ?? faultOf(error, 'windowSeconds')} />
      {id && <AlertPreview id={id} threshold={draft.threshold} windowSeconds={draft.windowSeconds} />}
      <TextField
        label="Tags"
        hint="Words to find it by, separated by commas."
        value={draft.tags}
        onChange={(event) => change({ tags: event.target.value })}
        fault={faultOf(error, 'tags')}
      />
      <ChannelChoice chosen={draft.channelIds} onChange={(channelIds) => change({ channelIds })} />
      <AdvancedFields draft={draft} error={error} onChange={change} />
      <div className="actions">
        <button type="submit" className="button button-primary" disabled={busy}>
          {verb}
        </button>
        <button type="button" className="button" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </form>
  );
}
