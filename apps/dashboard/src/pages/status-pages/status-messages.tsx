import { useQuery } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { api, ask } from '../../api.ts';
import { formatNear } from '../../format.ts';
import { useAct } from '../../parts/forms/act.ts';
import { Field, FormFault, faultOf, TextField } from '../../parts/forms/fields.tsx';
import { Empty, Loaded, Section } from '../../parts/page.tsx';
import { statusMessagesQuery, type StatusMessage } from '../../queries.ts';
import { textOf } from '../../parts/forms/form-text.ts';

const KINDS = { incident: 'Incident', maintenance: 'Maintenance', notice: 'Notice' };

/** What the page tells its readers in words. */
export function StatusMessages({ id }: { id: string }) {
  const query = useQuery(statusMessagesQuery(id));
  return (
    <Section title="Messages" note="shown on the page and in its feed">
      <NewMessage id={id} />
      <Loaded query={query} lines={2}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="No messages yet" />
          ) : (
            <ol className="timeline">
              {items.map((message) => (
                <Entry key={message.id} pageId={id} message={message} />
              ))}
            </ol>
          )
        }
      </Loaded>
    </Section>
  );
}

function NewMessage({ id }: { id: string }) {
  const [round, setRound] = useState(0);
  const post = useAct({
    act: (form: FormData) => {
      const text = (name: string) => textOf(form, name);
      const body = {
        title: text('title'),
        body: text('body'),
        kind: text('kind') as StatusMessage['kind'],
        startsAt: new Date().toISOString(),
        endsAt: null,
      };
      return ask(api.POST('/v1/status-pages/{id}/messages', { params: { path: { id } }, body }));
    },
    said: 'Posted.',
    refresh: [['status-pages', id, 'messages']],
    onDone: () => setRound((count) => count + 1),
    inForm: true,
  });
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    post.mutate(new FormData(event.currentTarget));
  };
  return (
    <form className="form" key={round} onSubmit={submit}>
      <FormFault error={post.error} fields={['title', 'body']} />
      <div className="form-line">
        <Field label="Kind">
          {(attributes) => (
            <select className="input" name="kind" {...attributes}>
              {Object.entries(KINDS).map(([kind, label]) => (
                <option key={kind} value={kind}>
                  {label}
                </option>
              ))}
            </select>
          )}
        </Field>
        <TextField
          label="Headline"
          name="title"
          required
          maxLength={200}
          fault={faultOf(post.error, 'title')}
        />
      </div>
      <Field label="Text" fault={faultOf(post.error, 'body')}>
        {(attributes) => <textarea className="input" name="body" rows={2} {...attributes} />}
      </Field>
      <div className="actions">
        <button type="submit" className="button" disabled={post.isPending}>
          Post now
        </button>
      </div>
    </form>
  );
}

function Entry({ pageId, message }: { pageId: string; message: StatusMessage }) {
  const params = { path: { id: pageId, messageId: message.id } };
  const refresh = [['status-pages', pageId, 'messages']];
  const path = '/v1/status-pages/{id}/messages/{messageId}';
  const end = useAct({
    act: () => ask(api.PATCH(path, { params, body: { endsAt: new Date().toISOString() } })),
    said: 'Ended.',
    refresh,
  });
  const remove = useAct({
    act: () => ask(api.DELETE(path, { params })),
    said: 'Removed.',
    refresh,
  });
  return (
    <li className={message.endsAt === null ? 'timeline-open' : undefined}>
      <p>
        <strong>{message.title}</strong> <span className="tag">{KINDS[message.kind]}</span>
      </p>
      {message.body && <p>{message.body}</p>}
      <p className="steps">
        <span>From {formatNear(message.startsAt)}</span>
        {message.endsAt && <span>to {formatNear(message.endsAt)}</span>}
      </p>
      <div className="actions">
        {message.endsAt === null && (
          <button
            type="button"
            className="button"
            onClick={() => end.mutate()}
            disabled={end.isPending}
          >
            End now
          </button>
        )}
        <button
          type="button"
          className="button button-quiet-danger"
          onClick={() => remove.mutate()}
          disabled={remove.isPending}
        >
          Remove
        </button>
      </div>
    </li>
  );
}
