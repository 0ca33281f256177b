import { lookup } from 'node:dns';
import { connect, isIP } from 'node:net';

/** Answers whether our network works. */
export interface Canary {
  readonly host: string;
  readonly port: number;
}

const DEADLINE_MS = 3000;

/** Whether any of them accepts a connection. */
export async function anyCanaryAnswers(canaries: readonly Canary[]): Promise<boolean> {
  try {
    await Promise.any(canaries.map(reach));
    return true;
  } catch {
    return false;
  }
}

/** The canaries with a name to look up. */
export function namedCanaries(canaries: readonly Canary[]): Canary[] {
  return canaries.filter(({ host }) => isIP(host) === 0);
}

/** Whether the name of any of them resolves. */
export async function anyCanaryResolves(canaries: readonly Canary[]): Promise<boolean> {
  try {
    await Promise.any(canaries.map(resolve));
    return true;
  } catch {
    return false;
  }
}

function resolve({ host }: Canary): Promise<void> {
  return new Promise((done, fail) => {
    const deadline = setTimeout(() => fail(new Error('no answer')), DEADLINE_MS);
    lookup(host, (error) => {
      clearTimeout(deadline);
      if (error) fail(error);
      else done();
    });
  });
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
