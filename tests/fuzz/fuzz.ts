import fc from 'fast-check';
import { addAlert, register, startTestApi, type TestApi } from '@gomon/api/testing';
import { openAccount } from './account.ts';
import { readDescription, type Description } from './description.ts';
import { beginScenario, type Surroundings } from './scenario.ts';
import { startProber } from './prober.ts';
import { startSender } from './sender.ts';
import { anyStep, type Body, type Step } from './steps.ts';

export interface FuzzOptions {
  readonly scenarios: number;
  readonly seed: number;
  /** Of an earlier run with this seed: only the scenario that failed. */
  readonly path?: string;
}

export interface FuzzReport {
  readonly scenarios: number;
  readonly requests: number;
  /** How many answers of each operation had which status. */
  readonly statuses: ReadonlyMap<string, ReadonlyMap<number, number>>;
  /** The shortest scenario to a fault, and how to take it again; null when there was none. */
  readonly failure: string | null;
}

const STRAY = 'an unknown route';
/** How many failing scenarios are looked at for a shorter one. */
const MAX_SHORTENINGS = 50;
const STEPS = { minLength: 10, maxLength: 40, size: 'max' } as const;

/**
 * Scenarios of users against the whole API on a separate database: valid, nearly valid and hostile
 * requests of every operation of the description, in any order, by anyone.
 */
export async function fuzz({ scenarios, seed, path = '' }: FuzzOptions): Promise<FuzzReport> {
  const api = await startTestApi({
    TRUST_PROXY: '1',
    MAX_MONITORS_PER_USER: '10',
    DASHBOARD_DIR: 'none',
  });
  const sender = await startSender(api.db, api.config.SECRETS_KEY);
  const prober = startProber(api.db);
  try {
    const description = readDescription((await api.app.inject('/openapi.json')).payload);
    const surroundings = await prepare(api, description);
    const statuses = new Map<string, Map<number, number>>();
    let requests = 0;
    let shortenings = 0;
    const property = fc.asyncProperty(
      fc.array(anyStep(description.operations), STEPS),
      async (steps) => {
        if (shortenings > MAX_SHORTENINGS) return; // Nothing shorter is found from here on.
        const scenario = await beginScenario(surroundings);
        const lines: string[] = [];
        for (const step of steps) {
          const { sent, answer, faults } = await scenario.take(step);
          requests += 1;
          count(statuses, step.operation ?? STRAY, answer.status);
          lines.push(
            `${step.method} ${sent.url.slice(0, 200)} by ${step.by} ${shorten(step.body)} → ${answer.status}`,
          );
          if (faults.length > 0) shortenings += 1;
          if (faults.length > 0) throw new Error([...lines, ...faults].join('\n'));
        }
      },
    );
    const result = await fc.check(property, {
      numRuns: scenarios,
      seed,
      path,
      maxSkipsPerRun: 0,
      interruptAfterTimeLimit: 3_600_000,
    });
    const failure = result.failed
      ? describeFailure(result)
      : (sender.faults[0] ?? prober.faults[0] ?? null);
    return { scenarios: result.numRuns, requests, statuses, failure };
  } finally {
    await prober.stop();
    await sender.stop();
    await api.stop();
  }
}

/** Operations of which no answer was a success: a run that is long enough has seen all of them do what they are for. */
export function neverGranted({ statuses }: FuzzReport): string[] {
  const granted = (of: ReadonlyMap<number, number>) =>
    [...of.keys()].some((status) => status < 300);
  return [...statuses].filter(([name, of]) => name !== STRAY && !granted(of)).map(([name]) => name);
}

async function prepare(api: TestApi, description: Description): Promise<Surroundings> {
  const neighbour = await api.signUp();
  const monitor = await register(neighbour);
  const key = await neighbour.send<{ id: string }>('POST', '/v1/api-keys', { name: 'key' });
  const page = await neighbour.send<{ id: string }>('POST', '/v1/status-pages', {
    slug: 'neighbour',
    title: 'Page',
  });
  const message = { title: 'Message', kind: 'notice' };
  const said = await neighbour.send<{ id: string }>(
    'POST',
    `/v1/status-pages/${page.body.id}/messages`,
    message,
  );
  const settings = { url: 'https://hook.invalid/' };
  const channel = await neighbour.send<{ id: string }>('POST', '/v1/channels', {
    kind: 'webhook',
    name: 'channel',
    settings,
  });
  const deliveries = await neighbour.send<{ id: string }>(
    'POST',
    `/v1/channels/${channel.body.id}/test`,
  );
  const startsAt = new Date().toISOString();
  const window = { name: 'window', startsAt, durationSeconds: 3600 };
  const maintenance = await neighbour.send<{ id: string }>(
    'POST',
    '/v1/maintenance-windows',
    window,
  );
  const foreign = {
    channels: channel.body.id,
    notifications: deliveries.body.id,
    'maintenance-windows': maintenance.body.id,
    monitors: monitor.id,
    alerts: await addAlert(api, monitor, neighbour.userId),
    'api-keys': key.body.id,
    'status-pages': page.body.id,
    messages: said.body.id,
  };
  return { api, description, stranger: await openAccount(api), foreign };
}

function count(
  statuses: Map<string, Map<number, number>>,
  operation: string,
  status: number,
): void {
  const of = statuses.get(operation) ?? new Map<number, number>();
  statuses.set(operation, of.set(status, (of.get(status) ?? 0) + 1));
}

function shorten(body: Body): string {
  const text = body && ('raw' in body ? body.raw.toString('latin1') : JSON.stringify(body.json));
  return (text ?? '').slice(0, 500);
}

function describeFailure({
  seed,
  counterexamplePath,
  errorInstance,
}: fc.RunDetails<[Step[]]>): string {
  const what = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  return `${what}\nAgain: npm run test:fuzz -- --seed ${seed} --path ${counterexamplePath ?? ''}`;
}
