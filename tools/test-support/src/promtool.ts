import { installWithApt, onPath } from './packages.ts';
import type { OnProgress } from './servers/server-process.ts';

/** The path of Prometheus's promtool, installed with apt-get if need be; null where there is none and we may not install. */
export async function findPromtool(onProgress: OnProgress): Promise<string | null> {
  const found = await onPath('promtool');
  if (found) return found;
  await installWithApt('prometheus', onProgress);
  return onPath('promtool');
}
