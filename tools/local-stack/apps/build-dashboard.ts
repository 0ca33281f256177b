import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { OnProgress } from '@gomon/test-support';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const nx = fileURLToPath(new URL('../../../node_modules/nx/dist/bin/nx.js', import.meta.url));

/** Builds what the api serves at `/`; Nx keeps it until it changes. Without it there is the API alone. */
export async function buildDashboard(onProgress: OnProgress, signal: AbortSignal): Promise<void> {
  onProgress('Building the dashboard');
  const env = { ...process.env, NX_DAEMON: 'false' };
  try {
    await promisify(execFile)(process.execPath, [nx, 'run', 'dashboard:build'], {
      cwd: root,
      env,
      signal,
    });
  } catch (error) {
    signal.throwIfAborted();
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    onProgress(
      `The dashboard could not be built: ${`${stdout}${stderr}`.trim().split('\n').slice(-5).join('\n') || String(error)}`,
    );
  }
}
