export interface Interruptions {
  /** Aborted by the first Ctrl-C or SIGTERM, or when the terminal goes away. */
  given: AbortSignal;
  /** Aborted by a second one. */
  forced: AbortSignal;
}

/** One Ctrl-C arrives more than once: from the terminal, from npm and from the bootstrap. */
const SAME_KEYSTROKE_MS = 1000;

/** From the call on, these signals no longer end this process by themselves. */
export function interruptions(): Interruptions {
  const given = new AbortController();
  const forced = new AbortController();
  let first = 0;
  const interrupt = () => {
    if (!given.signal.aborted) {
      first = performance.now();
      given.abort();
    } else if (performance.now() - first > SAME_KEYSTROKE_MS) {
      forced.abort();
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  for (const stream of [process.stdout, process.stderr]) stream.on('error', interrupt); // Nobody reads on: the pipe is closed.
  return { given: given.signal, forced: forced.signal };
}
