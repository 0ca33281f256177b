import { docker } from './docker.ts';

const BASE_IMAGE = 'node:24-bookworm-slim';
const IMAGES = ['gomon-api', 'gomon-scheduler', 'gomon-prober'];
/** What each program logs when it is ready; PostgreSQL says it twice, the first time of a server that only prepares. */
const READY = /"msg":"started"|ready to accept connections|Applied |is UP/i;

/** One line for each image: its size over that of the base. */
export async function describeImages(): Promise<string[]> {
  const base = await sizeOf(BASE_IMAGE);
  const sizes = await Promise.all(IMAGES.map(sizeOf));
  return sizes.map(
    (size, i) => `${IMAGES[i]}: ${((size - base) / 1e6).toFixed(1)} MB over ${BASE_IMAGE}`,
  );
}

async function sizeOf(image: string): Promise<number> {
  return Number(await docker('image', 'inspect', '--format', '{{.Size}}', image));
}

/** One line for each container of the project: how long it took to be ready, and the memory it uses. */
export async function describeContainers(project: string): Promise<string[]> {
  const ids = await docker(
    'ps',
    '--all',
    '--quiet',
    '--filter',
    `label=com.docker.compose.project=${project}`,
  );
  return Promise.all(ids.split('\n').map(describeContainer));
}

async function describeContainer(id: string): Promise<string> {
  const [name = '', startedAt = ''] = (
    await docker('inspect', '--format', '{{.Name}} {{.State.StartedAt}}', id)
  ).split(' ');
  const [log, memory] = await Promise.all([
    docker('logs', '--timestamps', id),
    docker('stats', '--no-stream', '--format', '{{.MemUsage}}', id),
  ]);
  const readyLine = log.split('\n').findLast((line) => READY.test(line)) ?? '';
  const seconds = (Date.parse(readyLine.split(' ')[0] ?? '') - Date.parse(startedAt)) / 1000;
  return `${name.slice(1)}: ready after ${seconds.toFixed(1)} s, ${memory.split(' / ')[0]}`;
}
