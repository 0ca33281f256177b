/** One line about what went wrong. Node's error for a host with several addresses has a code but no message. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || (error as NodeJS.ErrnoException).code || error.name;
}
