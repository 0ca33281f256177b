import { types } from 'node:util';

/** One line about what went wrong. Node's error for a host with several addresses has a code but no message. */
export function describeError(error: unknown): string {
  if (!types.isNativeError(error)) return String(error);
  return error.message || (error as NodeJS.ErrnoException).code || error.name;
}
