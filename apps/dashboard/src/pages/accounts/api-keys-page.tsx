import { useQuery } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import type { Schema } from '@gomon/client';
import { api, ask } from '../../api.ts';
import { formatMoment } from '../../format.ts';
import { useAct } from '../../parts/forms/act.ts';
import { useConfirm } from '../../parts/forms/confirm.tsx';
import { CopyText } from '../../parts/forms/copy-text.tsx';
import { Field, FormFault, faultOf, TextField } from '../../parts/forms/fields.tsx';
import { Age } from '../../parts/states/now.tsx';
import { Empty, Loaded, Page, Section } from '../../parts/page.tsx';
import { apiKeysQuery } from '../../queries.ts';
import { textOf } from '../../parts/forms/form-text.ts';

type Scopes = Schema<'ApiKey'>['scopes'];

const DAY_MS = 86_400_000;
const REFRESH = [['api-keys']];

export function ApiKeysPage() {
  const query = useQuery(apiKeysQuery);
  return (
    <Page
      title="API keys"
      note="What programs send in place of a password: Authorization: Bearer <key>. The API is described at /docs."
    >
      <NewKey />
      <Section title="Keys">
        <Loaded query={query}>
          {({ items }) =>
            items.length === 0 ? <Empty title="No API keys yet" /> : <KeyTable keys={items} />
          }
        </Loaded>
      </Section>
    </Page>
  );
}

function NewKey() {
  const [round, setRound] = useState(0);
  const create = useAct({
    act: (form: FormData) => {
      const days = Number(textOf(form, 'days'));
      const scopes = textOf(form, 'scopes').split(' ') as Scopes;
      const expiresAt = days > 0 ? new Date(Date.now() + days * DAY_MS).toISOString() : null;
      return ask(
        api.POST('/v1/api-keys', { body: { name: textOf(form, 'name'), scopes, expiresAt } }),
      );
    },
    refresh: REFRESH,
    onDone: () => setRound((count) => count + 1),
    inForm: true,
  });
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    create.mutate(new FormData(event.currentTarget));
  };
  return (
    <>
      <form className="form-line" key={round} onSubmit={submit}>
        <TextField
          label="Name"
          name="name"
          required
          maxLength={100}
          fault={faultOf(create.error, 'name')}
        />
        <Field label="Scope">
          {(attributes) => (
            <select className="input" name="scopes" {...attributes}>
              <option value="read">read</option>
              <option value="read write">read and write</option>
            </select>
          )}
        </Field>
        <Field label="Expires">
          {(attributes) => (
            <select className="input" name="days" defaultValue="90" {...attributes}>
              <option value="30">after 30 days</option>
              <option value="90">after 90 days</option>
              <option value="365">after a year</option>
              <option value="0">never</option>
            </select>
          )}
        </Field>
        <button type="submit" className="button button-primary" disabled={create.isPending}>
          Create key
        </button>
      </form>
      <FormFault error={create.error} fields={['name']} />
      {create.data && <CreatedKey name={create.data.name} secret={create.data.key} />}
    </>
  );
}

function CreatedKey({ name, secret }: { name: string; secret: string }) {
  return (
    <div className="notice notice-good" role="status">
      <p>
        Your new key <strong>{name}</strong>. Copy it now: it is not shown again.
      </p>
      <CopyText label="The key" text={secret} />
    </div>
  );
}

function KeyTable({ keys }: { keys: readonly Schema<'ApiKey'>[] }) {
  const confirm = useConfirm();
  const remove = useAct({
    act: (id: string) => ask(api.DELETE('/v1/api-keys/{id}', { params: { path: { id } } })),
    said: 'API key revoked.',
    refresh: REFRESH,
  });
  const onRemove = async ({ id, name }: Schema<'ApiKey'>) => {
    const text = 'Programs that use it are refused from then on.';
    if (await confirm({ title: `Remove the key ${name}?`, text, verb: 'Remove' }))
      remove.mutate(id);
  };
  return (
    <table className="table stack">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Prefix</th>
          <th scope="col">Scopes</th>
          <th scope="col">Last used</th>
          <th scope="col">Expires</th>
          <th scope="col">
            <span className="hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {keys.map((key) => (
          <tr key={key.id}>
            <td className="cell-name">{key.name}</td>
            <td className="mono" data-label="Prefix">
              {key.prefix}
            </td>
            <td data-label="Scopes">{key.scopes.join(', ')}</td>
            <td data-label="Last used">
              <Age at={key.lastUsedAt} />
            </td>
            <td data-label="Expires">
              {key.expiresAt === null ? 'never' : formatMoment(key.expiresAt)}
            </td>
            <td className="cell-actions">
              <button
                type="button"
                className="button button-quiet-danger"
                onClick={() => void onRemove(key)}
                aria-label={`Remove ${key.name}`}
              >
                Remove
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
