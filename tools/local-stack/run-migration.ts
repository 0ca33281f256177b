import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../migrate/main.ts', import.meta.url));

/** Throws the program's own one line when it fails. */
export async function runMigration(databaseUrl: string, environment: NodeJS.ProcessEnv): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, [program], { env: { ...environment, DATABASE_URL: databaseUrl } });
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    throw new Error(stderr?.trim() || String(error), { cause: error });
  }
}
