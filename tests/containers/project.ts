import { docker } from '../../tools/containers/docker.ts';

/** The ids of a service's containers, running or not, in the project that COMPOSE_PROJECT_NAME names. */
export async function containersOf(service: string): Promise<string[]> {
  const project = process.env['COMPOSE_PROJECT_NAME'] ?? '';
  const labels = [`com.docker.compose.project=${project}`, `com.docker.compose.service=${service}`];
  const ids = await docker(
    'ps',
    '--all',
    '--quiet',
    ...labels.flatMap((label) => ['--filter', `label=${label}`]),
  );
  return ids.split('\n').filter(Boolean);
}

/** The one container of a service. */
export async function containerOf(service: string): Promise<string> {
  const [id, ...others] = await containersOf(service);
  if (!id || others.length > 0)
    throw new Error(`${service} has ${id ? 'several containers' : 'no container'}`);
  return id;
}

/** The rows of a query in the project's database. */
export async function query<Row>(sql: string): Promise<Row[]> {
  const asJson = `SELECT coalesce(json_agg(row), '[]') FROM (${sql}) row`;
  const psql = [
    'psql',
    '--username=gomon',
    '--dbname=gomon',
    '--tuples-only',
    '--no-align',
    '--command',
    asJson,
  ];
  return JSON.parse(await docker('exec', await containerOf('postgres'), ...psql)) as Row[];
}
