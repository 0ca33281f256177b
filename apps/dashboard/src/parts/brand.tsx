import { Link } from '@tanstack/react-router';

export function Brand() {
  return (
    <Link to="/monitors" className="brand">
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="7" />
        <path d="M6 17h5l3-8 5 14 3-6h4" />
      </svg>
      GoMon
    </Link>
  );
}
