import { Link, useNavigate } from '@tanstack/react-router';
import { api, ask } from '../../api.ts';
import { CredentialsForm, type Credentials } from './credentials-form.tsx';
import { logIn } from './log-in.ts';

export function SignUpPage() {
  const navigate = useNavigate();
  const submit = async (credentials: Credentials) => {
    await ask(api.POST('/v1/users', { body: credentials }));
    await logIn(credentials);
    await navigate({ to: '/monitors', replace: true });
  };
  return (
    <CredentialsForm title="Sign up" verb="Sign up" isNew submit={submit}>
      Already have an account? <Link to="/login">Log in</Link>
    </CredentialsForm>
  );
}
