export interface Connections {
  databaseUrl: string;
  queueRedisUrl: string;
  windowRedisUrl: string;
  /** The same servers, where the app has a separate user. */
  ofApi?: { databaseUrl: string };
  ofScheduler?: { databaseUrl: string };
  ofProber?: { queueRedisUrl: string };
}

/** What one process is started with. The first of each app has the app's name, the others a number behind it. */
export interface AppPlan {
  app: AppName;
  name: string;
  metricsPort: number;
  readyUrl: string;
  environment: NodeJS.ProcessEnv;
}

export type AppName = 'api' | 'scheduler' | 'prober';

export interface PlanOptions {
  /** What the user set, passed on as it is where the stack does not decide. */
  environment: NodeJS.ProcessEnv;
  connections: Connections;
  jwtSecret: string;
  secretsKey: string;
  apiPort: number;
  metricsPorts: readonly number[];
  counts: AppCounts;
}

export interface AppCounts {
  schedulers: number;
  probers: number;
}

export const LOOPBACK_NETWORKS = '127.0.0.0/8,::1/128';

/** Every process gets the variables that its app reads and no other app's secrets. */
export function planApps(options: PlanOptions): AppPlan[] {
  const { counts, metricsPorts } = options;
  const apps: AppName[] = [
    'api',
    ...repeat('scheduler', counts.schedulers),
    ...repeat('prober', counts.probers),
  ];
  return apps.map((app, index) => {
    const metricsPort = metricsPorts[index];
    if (!metricsPort) throw new Error('There are fewer metrics ports than processes');
    const number = index - apps.indexOf(app) + 1;
    const port = app === 'api' ? options.apiPort : metricsPort;
    return {
      app,
      name: number === 1 ? app : `${app}-${number}`,
      metricsPort,
      readyUrl: `http://127.0.0.1:${port}/readyz`,
      environment: {
        ...settings(options.environment),
        ...variables(app, options),
        METRICS_PORT: String(metricsPort),
        METRICS_HOST: '127.0.0.1',
      },
    };
  });
}

function variables(
  app: AppName,
  { connections, environment, jwtSecret, secretsKey, apiPort }: PlanOptions,
): NodeJS.ProcessEnv {
  const {
    queueRedisUrl: QUEUE_REDIS_URL,
    windowRedisUrl: WINDOW_REDIS_URL,
    ofApi,
    ofScheduler,
    ofProber,
  } = connections;
  const databaseAs = (own: Pick<Connections, 'databaseUrl'> = connections) => ({
    DATABASE_URL: own.databaseUrl,
  });
  const PROBER_ALLOWED_NETWORKS = environment['PROBER_ALLOWED_NETWORKS'] ?? LOOPBACK_NETWORKS;
  const NOTIFICATION_ALLOWED_NETWORKS =
    environment['NOTIFICATION_ALLOWED_NETWORKS'] ?? LOOPBACK_NETWORKS;
  const PUBLIC_URL = environment['PUBLIC_URL'] || `http://127.0.0.1:${apiPort}`;
  const API_HOST = environment['API_HOST'] ?? '127.0.0.1';
  const JWT = { JWT_SECRET: jwtSecret, JWT_SECRET_PREVIOUS: environment['JWT_SECRET_PREVIOUS'] };
  const SEAL = {
    SECRETS_KEY: secretsKey,
    SECRETS_KEY_PREVIOUS: environment['SECRETS_KEY_PREVIOUS'],
  };
  return {
    api: {
      ...databaseAs(ofApi),
      ...JWT,
      ...SEAL,
      API_HOST,
      API_PORT: String(apiPort),
      PROBER_ALLOWED_NETWORKS,
      NOTIFICATION_ALLOWED_NETWORKS,
    },
    scheduler: {
      ...databaseAs(ofScheduler),
      QUEUE_REDIS_URL,
      WINDOW_REDIS_URL,
      ...SEAL,
      NOTIFICATION_ALLOWED_NETWORKS,
      PUBLIC_URL,
      UV_THREADPOOL_SIZE: '16',
    },
    // Names are resolved on Node's threads: with its usual four, a few slow name servers would hold up every probe, and every notification.
    prober: {
      QUEUE_REDIS_URL: (ofProber ?? connections).queueRedisUrl,
      ...SEAL,
      PROBER_ALLOWED_NETWORKS,
      UV_THREADPOOL_SIZE: '64',
    },
  }[app];
}

const DECIDED_HERE = new Set([
  'DATABASE_URL',
  'API_DATABASE_PASSWORD',
  'SCHEDULER_DATABASE_PASSWORD',
  'QUEUE_REDIS_URL',
  'WINDOW_REDIS_URL',
  'JWT_SECRET',
  'JWT_SECRET_PREVIOUS',
  'SECRETS_KEY',
  'SECRETS_KEY_PREVIOUS',
  'API_PORT',
  'LOG_LEVEL',
]);

/** The logs in the files are at level `info` even where the terminal shows less. */
function settings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const passedOn = Object.entries(environment).filter(([name]) => !DECIDED_HERE.has(name));
  return {
    ...Object.fromEntries(passedOn),
    LOG_LEVEL: environment['LOG_LEVEL'] === 'debug' ? 'debug' : 'info',
  };
}

const repeat = (app: AppName, count: number) => Array.from({ length: count }, () => app);
