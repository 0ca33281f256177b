import { installWithApt, onPath } from './packages.ts';
import type { OnProgress } from './servers/server-process.ts';

/** The path of a Chromium on this machine, installed with apt-get if need be; null where there is none and none can be. */
export async function findChromium(onProgress: OnProgress): Promise<string | null> {
  const find = () => onPath('chromium', 'chromium-browser', 'google-chrome');
  const found = await find();
  if (found) return found;
  await installWithApt('chromium', onProgress);
  return find();
}
