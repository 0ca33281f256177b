import { useState, type SubmitEvent } from 'react';
import { FormFault, faultOf, Field, TextField } from '../../parts/forms/fields.tsx';
import { Icon } from '../../parts/icons.tsx';
import { Tick } from '../../parts/states/tick.tsx';
import type { StatusPage } from '../../queries.ts';
import { MonitorChoice } from '../monitors/monitor-choice.tsx';

export type StatusPageDraft = Pick<
  StatusPage,
  'slug' | 'title' | 'description' | 'groups' | 'published'
>;
type Group = StatusPage['groups'][number];

interface StatusPageFormProps {
  readonly initial: StatusPageDraft;
  readonly verb: string;
  readonly error: Error | null;
  readonly busy: boolean;
  readonly onSubmit: (draft: StatusPageDraft) => void;
}

export function StatusPageForm({ initial, verb, error, busy, onSubmit }: StatusPageFormProps) {
  const [draft, setDraft] = useState(initial);
  const change = (changes: Partial<StatusPageDraft>) =>
    setDraft((before) => ({ ...before, ...changes }));
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    onSubmit(draft);
  };
  return (
    <form className="form" onSubmit={submit}>
      <FormFault error={error} fields={['slug', 'title', 'description']} />
      <TextField
        label="Title"
        value={draft.title}
        onChange={(event) => change({ title: event.target.value })}
        required
        maxLength={100}
        fault={faultOf(error, 'title')}
      />
      <TextField
        label="Address"
        value={draft.slug}
        onChange={(event) =>
          change({ slug: event.target.value.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-') })
        }
        required
        hint={`${location.origin}/status/${draft.slug || '…'}`}
        fault={faultOf(error, 'slug')}
      />
      <Field label="Description" fault={faultOf(error, 'description')}>
        {(attributes) => (
          <textarea
            className="input"
            rows={2}
            {...attributes}
            value={draft.description}
            onChange={(event) => change({ description: event.target.value })}
          />
        )}
      </Field>
      <Groups groups={draft.groups} onChange={(groups) => change({ groups })} />
      <label className="tick-line">
        <Tick checked={draft.published} onChange={() => change({ published: !draft.published })} />
        Published
      </label>
      <div className="actions">
        <button type="submit" className="button button-primary" disabled={busy}>
          {verb}
        </button>
      </div>
    </form>
  );
}

function Groups({
  groups,
  onChange,
}: {
  groups: readonly Group[];
  onChange: (groups: Group[]) => void;
}) {
  const replace = (index: number, group: Group) => onChange(groups.with(index, group));
  return (
    <fieldset className="field">
      <legend>Groups</legend>
      {groups.map((group, index) => (
        <div key={index} className="group">
          <div className="group-head">
            <input
              className="input"
              aria-label={`Name of group ${index + 1}`}
              required
              maxLength={100}
              value={group.name}
              onChange={(event) => replace(index, { ...group, name: event.target.value })}
            />
            {groups.length > 1 && (
              <button
                type="button"
                className="button-icon"
                aria-label={`Remove group ${group.name}`}
                onClick={() => onChange(groups.toSpliced(index, 1))}
              >
                <Icon name="close" />
              </button>
            )}
          </div>
          <MonitorChoice
            label={`Monitors of ${group.name}`}
            chosen={group.monitorIds}
            onChange={(monitorIds) => replace(index, { ...group, monitorIds })}
          />
        </div>
      ))}
      <div>
        <button
          type="button"
          className="button"
          onClick={() => onChange([...groups, { name: '', monitorIds: [] }])}
        >
          <Icon name="plus" />
          Add group
        </button>
      </div>
    </fieldset>
  );
}
