import { describeError } from '@gomon/runtime';

/** One line: Prisma puts lines about the call before what the driver says. */
export function describeFailure(error: unknown): string {
  const line = describeError(error).trim().split('\n').at(-1) ?? '';
  return /Message: `(.*)`$/.exec(line)?.[1] ?? line;
}
