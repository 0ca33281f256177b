import { connect } from 'node:net';

/** What is asked whether our network works. */
export interface Canary {
  readonly host: string;
  readonly port: number;
}

const DEADLINE_MS = 3000;

/** Whether a connection to any of them can be made. */
export async function anyCanaryAnswers(canaries: readonly Canary[]): Promise<boolean> {
  try {
    await Promise.any(canaries.map(reach));
    return true;
  } catch {
    return false;
  }
}

function reach({ host, port }: Canary): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, autoSelectFamily: true });
    const end = (settle: () => void) => {
      clearTimeout(deadline);
      socket.destroy();
      settle();
    };
    const deadline = setTimeout(() => end(() => reject(new Error('no answer'))), DEADLINE_MS);
    socket.once('connect', () => end(resolve));
    socket.once('error', (error) => end(() => reject(error)));
  });
}
