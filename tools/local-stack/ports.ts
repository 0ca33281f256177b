import { freePort, isPortFree } from '@gomon/test-support';

/** The API's port, which has to be free: people have it in their scripts. */
export async function apiPort(environment: NodeJS.ProcessEnv): Promise<number> {
  const port = Number(environment['API_PORT'] || 8010);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error('API_PORT is not a port number');
  if (!(await isPortFree(port)))
    throw new Error(`Port ${port} is in use: stop what uses it, or set API_PORT to another port`);
  return port;
}

/** The ports after the API's where they are free, others where not. */
export async function metricsPorts(after: number, count: number): Promise<number[]> {
  const wanted = Array.from({ length: count }, (_, index) => after + 1 + index);
  return Promise.all(
    wanted.map(async (port) => (port <= 65_535 && (await isPortFree(port)) ? port : freePort())),
  );
}
