import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { PROBE_QUEUE, QUEUE_PREFIX } from '@gomon/queue-contracts';
import { loadConfig } from '@gomon/runtime';
import { parse, parseAllDocuments } from 'yaml';
import { root } from './run.ts';
import { schemas } from './variables.ts';

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

interface Container {
  readonly name: string;
  readonly env: readonly {
    readonly name: string;
    readonly valueFrom: { readonly secretKeyRef: { readonly key: string } };
  }[];
  readonly securityContext: object;
}

interface Workload extends Manifest {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: readonly Container[];
        readonly securityContext: object;
      };
    };
  };
}

interface Kustomization {
  readonly resources: readonly string[];
  readonly configMapGenerator: readonly {
    readonly name: string;
    readonly literals: readonly string[];
  }[];
}

const directories = ['base', 'scaled'].map((name) => join(root, 'docker/kubernetes', name));
const [base = ''] = directories;
const manifestFiles = directories.flatMap((directory) =>
  readdirSync(directory)
    .filter((name) => name !== 'kustomization.yaml')
    .map((name) => join(directory, name)),
);
const manifests = manifestFiles.flatMap((file) =>
  parseAllDocuments(readFileSync(file, 'utf8')).map((document) => document.toJS() as Manifest),
);
const workloads = manifests.filter(({ kind }) =>
  ['Deployment', 'Job'].includes(kind),
) as Workload[];
const readKustomization = (directory: string) =>
  parse(readFileSync(join(directory, 'kustomization.yaml'), 'utf8')) as Kustomization;

/** The published schemas as code: a folder for each API group and version, in it a class for each kind. */
async function validate(manifest: Manifest): Promise<void> {
  const publisher = manifest.apiVersion.startsWith('keda.sh/')
    ? '@kubernetes-models/keda'
    : 'kubernetes-models';
  const models = (await import(`${publisher}/${manifest.apiVersion}`)) as Record<
    string,
    new (data: object) => { validate(): void }
  >;
  const Model = models[manifest.kind];
  if (!Model) throw new Error(`${manifest.apiVersion} has no ${manifest.kind}`);
  new Model(manifest).validate();
}

test.each(manifests.map((manifest) => [manifest.kind, manifest.metadata.name, manifest] as const))(
  '%s %s fits its published schema',
  async (_kind, _name, manifest) => {
    await expect(validate(manifest)).resolves.toBeUndefined();
  },
);

test('a manifest that does not fit is refused', async () => {
  const [deployment] = workloads;
  await expect(
    validate({ ...deployment, spec: { replicas: 'two' } } as unknown as Manifest),
  ).rejects.toThrow('replicas');
});

test('every file is a resource of its kustomization', () => {
  for (const directory of directories) {
    const listed = readKustomization(directory).resources.filter((name) => name.endsWith('.yaml'));
    expect([...listed, 'kustomization.yaml'].sort()).toEqual(readdirSync(directory).sort());
  }
});

test('every container runs without root, with a root that is read-only and without capabilities', () => {
  for (const { spec } of workloads) {
    expect(spec.template.spec.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    for (const { securityContext } of spec.template.spec.containers) {
      expect(securityContext).toMatchObject({
        readOnlyRootFilesystem: true,
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
      });
    }
  }
});

/** What the app finds in its environment, with a stand-in for each secret. */
function environmentOf(app: string): Record<string, string> {
  const literals =
    readKustomization(base).configMapGenerator.find(({ name }) => name === app)?.literals ?? [];
  const containers = workloads
    .filter(({ metadata }) => metadata.name === app)
    .flatMap(({ spec }) => spec.template.spec.containers);
  const secrets = containers.flatMap(({ env }) =>
    env.map(({ name }) => [name, `redis://${'x'.repeat(32)}`] as const),
  );
  return Object.fromEntries([
    ...literals.map((literal) => literal.split(/=(.*)/s).slice(0, 2) as [string, string]),
    ...secrets,
  ]);
}

const { api, scheduler, prober } = schemas;

test.each(Object.entries({ api, scheduler, prober }))(
  '%s gets all that its configuration needs, and nothing that it does not read',
  (app, schema) => {
    const environment = environmentOf(app);
    expect(() => loadConfig(schema, environment)).not.toThrow();
    expect(Object.keys(schema.properties)).toEqual(
      expect.arrayContaining(Object.keys(environment)),
    );
  },
);

test('a secret has the name of the variable that it fills, perhaps behind whose it is', () => {
  for (const { env } of workloads.flatMap(({ spec }) => spec.template.spec.containers)) {
    for (const { name, valueFrom } of env)
      expect(`_${valueFrom.secretKeyRef.key}`).toMatch(new RegExp(`_${name}$`));
  }
});

test('probers are scaled by the list on which probe jobs wait', () => {
  const scaled = readFileSync(
    manifestFiles.find((file) => file.includes('scaled') && basename(file) === 'prober.yaml') ?? '',
    'utf8',
  );
  expect(scaled).toContain(`listName: ${QUEUE_PREFIX}:${PROBE_QUEUE}:wait`);
});
