import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface Launch {
  command: string;
  args: string[];
}

export interface ServerUser {
  uid: number;
  gid: number;
}

/** The user that servers run as when we are root, which PostgreSQL refuses to be; null when we are an ordinary user. */
export async function serverUser(): Promise<ServerUser | null> {
  if (process.getuid?.() !== 0) return null;
  return (await lookUp('postgres')) ?? (await lookUp('nobody')) ?? { uid: 65534, gid: 65534 };
}

/**
 * The command as that user. It keeps the right to pass through directories that are closed to it, because the tree may
 * lie below one, such as /root; access(2) honours that right only with no_setuid_fixup.
 */
export function launchAs(user: ServerUser | null, { command, args }: Launch): Launch {
  if (!user) return { command, args };
  const rights = [
    '--securebits=+no_setuid_fixup',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
  ];
  const identity = [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'];
  return { command: 'setpriv', args: [...identity, ...rights, '--', command, ...args] };
}

async function lookUp(name: string): Promise<ServerUser | null> {
  try {
    const [uid, gid] = await Promise.all(
      ['-u', '-g'].map((flag) => promisify(execFile)('id', [flag, name])),
    );
    return { uid: Number(uid?.stdout), gid: Number(gid?.stdout) };
  } catch (error) {
    if ((error as { code?: unknown }).code === 1) return null; // id exits with 1 when there is no such user.
    throw error;
  }
}
