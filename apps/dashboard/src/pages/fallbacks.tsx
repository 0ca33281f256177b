import { Link, useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { Empty, Failed } from '../parts/page.tsx';

export function NotFound() {
  return (
    <main className="alone">
      <title>Not found · GoMon</title>
      <Empty title="Page not found">
        <Link to="/monitors" className="button">
          Go to monitors
        </Link>
      </Empty>
    </main>
  );
}

export function RouteError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return (
    <Failed error={error instanceof Error ? error : new Error(String(error))} onRetry={retry} />
  );
}
