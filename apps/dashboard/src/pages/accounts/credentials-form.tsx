import { useState, type ReactNode, type SubmitEvent } from 'react';
import { FormFault, faultOf, TextField } from '../../parts/forms/fields.tsx';
import { Brand } from '../../parts/brand.tsx';
import { textOf } from '../../parts/forms/form-text.ts';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

interface CredentialsFormProps {
  readonly title: string;
  readonly verb: string;
  readonly notice?: ReactNode;
  readonly isNew?: boolean;
  readonly submit: (credentials: Credentials) => Promise<void>;
  readonly children: ReactNode;
}

export function CredentialsForm({
  title,
  verb,
  notice,
  isNew = false,
  submit,
  children,
}: CredentialsFormProps) {
  const [error, setError] = useState<Error | null>(null);
  const [busy, setBusy] = useState(false);
  const onSubmit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setError(null);
    try {
      await submit({ username: textOf(form, 'username'), password: textOf(form, 'password') });
    } catch (caught) {
      setError(caught as Error);
      setBusy(false);
    }
  };
  return (
    <main className="alone">
      <title>{`${title} · GoMon`}</title>
      <form className="form sign-form" onSubmit={(event) => void onSubmit(event)}>
        <Brand />
        <h1>{title}</h1>
        {notice}
        <FormFault error={error} fields={['username', 'password']} />
        <TextField
          label="Username"
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          required
          fault={faultOf(error, 'username')}
        />
        <TextField
          label="Password"
          name="password"
          type="password"
          autoComplete={isNew ? 'new-password' : 'current-password'}
          required
          minLength={isNew ? 8 : undefined}
          hint={isNew ? 'At least 8 characters; a few words do well.' : undefined}
          fault={faultOf(error, 'password')}
        />
        <button type="submit" className="button button-primary" disabled={busy}>
          {busy ? 'One moment' : verb}
        </button>
        <p className="muted">{children}</p>
      </form>
    </main>
  );
}
