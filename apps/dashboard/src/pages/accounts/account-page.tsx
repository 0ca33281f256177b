import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type SubmitEvent } from 'react';
import { api, ask } from '../../api.ts';
import { formatMoment } from '../../format.ts';
import { useAct } from '../../parts/forms/act.ts';
import { useConfirm } from '../../parts/forms/confirm.tsx';
import { FormFault, faultOf, TextField } from '../../parts/forms/fields.tsx';
import { Loaded, Page, Section } from '../../parts/page.tsx';
import { accountQuery } from '../../queries.ts';
import { forgetSession } from '../../session.ts';
import { textOf } from '../../parts/forms/form-text.ts';

export function AccountPage() {
  const query = useQuery(accountQuery);
  return (
    <Page title="Account" narrow>
      <Loaded query={query} lines={2}>
        {({ username, createdAt, monitorCount, monitorLimit }) => (
          <p>
            <strong>{username}</strong>, since {formatMoment(createdAt)}; {monitorCount} of{' '}
            {monitorLimit} monitors in use.
          </p>
        )}
      </Loaded>
      <PasswordSection />
      <RemovalSection />
    </Page>
  );
}

function PasswordSection() {
  const [round, setRound] = useState(0);
  const change = useAct({
    act: (form: FormData) => {
      const body = {
        currentPassword: textOf(form, 'currentPassword'),
        password: textOf(form, 'password'),
      };
      return ask(api.PATCH('/v1/users/me', { body }));
    },
    said: 'Password changed. All other sessions have ended.',
    refresh: [],
    onDone: () => setRound((count) => count + 1),
    inForm: true,
  });
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    change.mutate(new FormData(event.currentTarget));
  };
  return (
    <Section title="Password">
      <form className="form" key={round} onSubmit={submit}>
        <FormFault error={change.error} fields={['password', 'currentPassword']} />
        <TextField
          label="Current password"
          name="currentPassword"
          type="password"
          autoComplete="current-password"
          required
          fault={faultOf(change.error, 'currentPassword')}
        />
        <TextField
          label="New password"
          name="password"
          type="password"
          autoComplete="new-password"
          minLength={8}
          required
          hint="Ends all other sessions. API keys stay."
          fault={faultOf(change.error, 'password')}
        />
        <div className="actions">
          <button type="submit" className="button button-primary" disabled={change.isPending}>
            Change password
          </button>
        </div>
      </form>
    </Section>
  );
}

function RemovalSection() {
  const confirm = useConfirm();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const remove = useAct({
    act: (currentPassword: string) =>
      ask(api.DELETE('/v1/users/me', { body: { currentPassword } })),
    refresh: [],
    onDone: () => {
      forgetSession();
      queryClient.clear();
      void navigate({ to: '/signup' });
    },
    inForm: true,
  });
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const password = textOf(new FormData(event.currentTarget), 'currentPassword');
    const text =
      'All monitors, alerts, channels, status pages and keys go with it. This cannot be undone.';
    if (await confirm({ title: 'Delete your account?', text, verb: 'Delete everything' }))
      remove.mutate(password);
  };
  return (
    <Section title="Delete the account">
      <form className="form" onSubmit={(event) => void submit(event)}>
        <FormFault error={remove.error} fields={['currentPassword']} />
        <TextField
          label="Your password"
          name="currentPassword"
          type="password"
          autoComplete="current-password"
          required
          fault={faultOf(remove.error, 'currentPassword')}
        />
        <div className="actions">
          <button type="submit" className="button button-danger" disabled={remove.isPending}>
            Delete account
          </button>
        </div>
      </form>
    </Section>
  );
}
