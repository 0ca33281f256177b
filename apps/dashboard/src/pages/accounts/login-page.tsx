import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { CredentialsForm, type Credentials } from './credentials-form.tsx';
import { logIn } from './log-in.ts';

export function LoginPage() {
  const navigate = useNavigate();
  const { from, ended } = useSearch({ from: '/login' });
  const submit = async (credentials: Credentials) => {
    await logIn(credentials);
    // Only a path of our own: whatever else a link may have put there.
    const isPath = from !== undefined && /^\/(?![/\\])/.test(from);
    await navigate({ to: isPath ? from : '/monitors', replace: true });
  };
  return (
    <CredentialsForm
      title="Log in"
      verb="Log in"
      notice={ended && <p className="notice">Your session has ended. Log in again to go on.</p>}
      submit={submit}
    >
      No account yet? <Link to="/signup">Sign up</Link>
    </CredentialsForm>
  );
}
