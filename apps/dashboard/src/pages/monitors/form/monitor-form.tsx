import { useState, type SubmitEvent } from 'react';
import { Field, FormFault, faultOf, TextField } from '../../../parts/forms/fields.tsx';
import { FormActions } from '../../../parts/forms/form-actions.tsx';
import { formatUnit } from '../../../format.ts';
import { KIND_FORMS, KIND_NAMES } from '../../../kinds/all.ts';
import type { KindFields, KindName } from '../../../kinds/kind.ts';
import { AdvancedFields } from './advanced-fields.tsx';
import { AlertPreview } from './alert-preview.tsx';
import { ChannelChoice } from './channel-choice.tsx';
import { isUnreachable, type Draft } from './monitor-draft.ts';
import { DryRun } from './dry-run.tsx';
import { RuleSentence } from './rule-sentence.tsx';

const INTERVALS = [1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 300, 600, 900, 1800, 3600];
const FIELDS = ['name', 'threshold', 'windowSeconds', 'intervalSeconds', 'tags', 'timeoutMs'];

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

export function MonitorForm(props: MonitorFormProps) {
  const { initial, id, verb, error, busy, onSubmit, onCancel } = props;
  const [draft, setDraft] = useState(initial);
  const change = (changes: Partial<Draft>) => setDraft((before) => ({ ...before, ...changes }));
  const { TargetFields } = KIND_FORMS[draft.kind];
  const changeFields = (fields: KindFields) =>
    setDraft((before) => ({ ...before, fields: { ...before.fields, ...fields } }));
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    onSubmit(draft);
  };
  return (
    <form className="form" onSubmit={submit}>
      <FormFault error={error} fields={[...FIELDS, ...Object.keys(draft.fields)]} />
      <TextField
        label="Name"
        value={draft.name}
        onChange={(event) => change({ name: event.target.value })}
        required
        maxLength={100}
        autoFocus={id === undefined}
        fault={faultOf(error, 'name')}
      />
      {id === undefined && (
        <KindChoice
          chosen={draft.kind}
          onChange={(kind) => change({ kind, fields: KIND_FORMS[kind].fresh })}
        />
      )}
      <TargetFields fields={draft.fields} error={error} onChange={changeFields} />
      {id === undefined && <DryRun draft={draft} />}
      <IntervalChoice
        chosen={draft.intervalSeconds}
        onChange={(intervalSeconds) => change({ intervalSeconds })}
        fault={faultOf(error, 'intervalSeconds')}
      />
      <RuleSentence
        draft={draft}
        onChange={change}
        isRefused={isUnreachable(draft, initial)}
        fault={faultOf(error, 'threshold') ?? faultOf(error, 'windowSeconds')}
      />
      {id && (
        <AlertPreview id={id} threshold={draft.threshold} windowSeconds={draft.windowSeconds} />
      )}
      <TextField
        label="Tags"
        hint="For search. Separate tags with commas."
        value={draft.tags}
        onChange={(event) => change({ tags: event.target.value })}
        fault={faultOf(error, 'tags')}
      />
      <ChannelChoice chosen={draft.channelIds} onChange={(channelIds) => change({ channelIds })} />
      <AdvancedFields draft={draft} error={error} onChange={change} onFieldsChange={changeFields} />
      <FormActions verb={verb} busy={busy} onCancel={onCancel} />
    </form>
  );
}

interface KindChoiceProps {
  readonly chosen: KindName;
  readonly onChange: (kind: KindName) => void;
}

function KindChoice({ chosen, onChange }: KindChoiceProps) {
  return (
    <Field label="What to check">
      {(attributes) => (
        <select
          className="input"
          {...attributes}
          value={chosen}
          onChange={(event) => onChange(event.target.value as KindName)}
        >
          {KIND_NAMES.map((kind) => (
            <option key={kind} value={kind}>
              {KIND_FORMS[kind].label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface IntervalChoiceProps {
  readonly chosen: number;
  readonly onChange: (seconds: number) => void;
  readonly fault: string | undefined;
}

function IntervalChoice({ chosen, onChange, fault }: IntervalChoiceProps) {
  return (
    <Field label="Check it every" fault={fault}>
      {(attributes) => (
        <select
          className="input input-short"
          {...attributes}
          value={chosen}
          onChange={(event) => onChange(Number(event.target.value))}
        >
          {INTERVALS.map((seconds) => (
            <option key={seconds} value={seconds}>
              {seconds < 60 ? formatUnit(seconds, 'second') : formatUnit(seconds / 60, 'minute')}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
