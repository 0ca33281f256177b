import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../../apps/admin/src/main.ts', import.meta.url));

export interface RolePasswords {
  readonly API_DATABASE_PASSWORD?: string | undefined;
  readonly SCHEDULER_DATABASE_PASSWORD?: string | undefined;
}

/** Throws the program's own one line when it fails. */
export async function runMigration(
  databaseUrl: string,
  environment: NodeJS.ProcessEnv,
  passwords: RolePasswords = {},
): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, [program, 'migrate'], {
      env: { ...environment, ...passwords, DATABASE_URL: databaseUrl },
    });
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    throw new Error(stderr?.trim() || String(error), { cause: error });
  }
}
