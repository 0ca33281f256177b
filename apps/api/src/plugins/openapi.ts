import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import fp from 'fastify-plugin';
import { FORMATS } from '../http/formats.ts';

const TAGS = [
  { name: 'users', description: 'Accounts.' },
  { name: 'sessions', description: 'Log in and out.' },
  { name: 'api keys', description: 'Keys for programs.' },
  { name: 'monitors', description: 'URLs to check.' },
  { name: 'checks', description: 'Results and statistics.' },
  { name: 'alerts', description: 'Periods with too many failures.' },
  { name: 'channels', description: 'Where notifications go, and their deliveries.' },
  { name: 'maintenance', description: 'Times when notifications are held back.' },
  { name: 'status pages', description: 'Public pages about monitors.' },
  { name: 'service', description: 'Health of this GoMon.' },
];

/**
 * The plugin's default makes browsers ask for the page's files by https, which fails on a plain
 * address.
 */
const CONTENT_SECURITY_POLICY = {
  'default-src': "'self'",
  'img-src': ["'self'", 'data:'],
  'base-uri': "'self'",
  'frame-ancestors': "'none'",
  'object-src': "'none'",
};

const THEME = {
  title: 'GoMon API',
  css: [{ filename: 'gomon.css', content: '.swagger-ui .topbar { display: none }' }],
};

/** `/openapi.json`, generated from the routes' schemas, and `/docs`, a page that shows it. */
export const openapi = fp(async (app) => {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'GoMon',
        version: '1',
        license: { name: 'MIT', identifier: 'MIT' },
        description:
          'Monitor URLs, count their failures, get alerts. Sign up, log in, and send the token: `Authorization: Bearer <token>`.',
      },
      servers: [{ url: '/', description: 'The server of this description.' }],
      tags: TAGS,
      components: {
        securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      },
    },
    transformObject: (document) =>
      'openapiObject' in document
        ? (forGenerators(
            withOptionalDefaults(document.openapiObject),
          ) as typeof document.openapiObject)
        : document.swaggerObject,
    refResolver: { buildLocalReference: (schema) => schema['$id'] as string },
  });
  app.get('/openapi.json', { schema: { hide: true }, config: { public: true } }, async () =>
    app.swagger(),
  );
  await app.register(async (docs) => {
    docs.addHook('onRoute', (route) => {
      route.config = { ...route.config, public: true };
    });
    await docs.register(swaggerUi, {
      routePrefix: '/docs',
      staticCSP: CONTENT_SECURITY_POLICY,
      theme: THEME,
    });
  });
});

interface Parameter {
  required?: boolean;
  readonly schema?: object;
}

/**
 * Fields with a default are optional in requests, although validated queries, and the schemas used
 * here, always have them.
 */
function withOptionalDefaults<Description extends { paths?: object }>(
  description: Description,
): Description {
  const paths: Record<string, Record<string, { parameters?: Parameter[] }>> = {
    ...description.paths,
  };
  const operations = Object.values(paths).flatMap((path) => Object.values(path));
  for (const parameter of operations.flatMap(({ parameters = [] }) => parameters)) {
    if (parameter.schema && 'default' in parameter.schema) parameter.required = false;
  }
  return description;
}

/**
 * For client generators: gives each of our formats a pattern, and drops null defaults, which many
 * read as text.
 */
function forGenerators(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(forGenerators);
  if (value === null || typeof value !== 'object') return value;
  const { format, pattern } = value as { format?: unknown; pattern?: unknown };
  const known = typeof format === 'string' ? FORMATS[format]?.pattern : undefined;
  const entries = Object.entries(value).filter(
    ([name, part]) => name !== 'default' || part !== null,
  );
  const described = Object.fromEntries(entries.map(([name, part]) => [name, forGenerators(part)]));
  return pattern === undefined && known !== undefined
    ? { ...described, pattern: known }
    : described;
}
