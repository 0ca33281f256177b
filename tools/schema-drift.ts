// node tools/schema-drift.ts: compares a database that prisma/migrations built with prisma/schema.prisma, by Prisma's own
// engine (its WASM build). Prints the SQL that is missing, which is how to begin the next migration, and exits with 2.
// DATABASE_URL names a server on which a database may be created; it is dropped again.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { migrate } from '@gomon/persistence';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import pg from 'pg';

// The engine reports a panic through this global, which its host defines.
Object.assign(globalThis, {
  PRISMA_WASM_PANIC_REGISTRY: { set_message: (message: string) => console.error(message) },
});
const { SchemaEngine } = await import('@prisma/schema-engine-wasm');

const prisma = fileURLToPath(new URL('../prisma', import.meta.url));
const missing = await findDrift(
  process.env['DATABASE_URL'] ?? '',
  await readFile(process.argv[2] ?? `${prisma}/schema.prisma`, 'utf8'),
);
if (missing === null) console.log('The migrations and schema.prisma agree.');
else console.log(missing);
process.exit(missing === null ? 0 : 2);

/** Null when the database that the migrations build is the one that `schema` describes. */
async function findDrift(serverUrl: string, schema: string): Promise<string | null> {
  const name = `drift_${randomUUID().slice(0, 8)}`;
  const admin = new pg.Client({ connectionString: serverUrl });
  await admin.connect();
  try {
    await admin.query(`CREATE DATABASE ${name}`);
    const url = Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href;
    await migrate(url, `${prisma}/migrations`);
    return await diff(url, schema);
  } finally {
    await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await admin.end();
  }
}

async function diff(databaseUrl: string, schema: string): Promise<string | null> {
  const engine = await SchemaEngine.new(
    { datamodels: [['schema.prisma', schema]] },
    () => {},
    bindMigrationAwareSqlAdapterFactory(catalogueAdapter(databaseUrl)),
  );
  const files = [{ path: 'schema.prisma', content: schema }];
  const answer = await engine.diff({
    from: { tag: 'schemaDatasource', files, configDir: process.cwd() },
    to: { tag: 'schemaDatamodel', files },
    script: true,
    exitCode: true,
    filters: { externalTables: [], externalEnums: [] },
  });
  return answer.exitCode === 0 ? null : (answer.stdout ?? '');
}

type QueryAnswer = { fields: { dataTypeID: number }[] };

/** The engine reads columns of the catalogue's type "char", which the adapter does not know: they pass as text. */
function catalogueAdapter(databaseUrl: string): SqlMigrationAwareDriverAdapterFactory {
  const CHAR_OID = 18;
  const TEXT_OID = 25;
  const factory = new PrismaPg({ connectionString: databaseUrl });
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter = await connect();
    const charColumns = new WeakMap<object, number[]>();
    const internals = adapter as unknown as { performIO(query: object): Promise<QueryAnswer> };
    const performIO = internals.performIO.bind(adapter);
    internals.performIO = async (query) => {
      const answer = await performIO(query);
      const columns = answer.fields.flatMap((field, i) =>
        field.dataTypeID === CHAR_OID ? [i] : [],
      );
      charColumns.set(query, columns);
      for (const field of answer.fields)
        if (field.dataTypeID === CHAR_OID) field.dataTypeID = TEXT_OID;
      return answer;
    };
    const queryRaw = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = async (query) => {
      const answer = await queryRaw(query);
      for (const i of charColumns.get(query) ?? [])
        answer.columnTypes[i] = ColumnTypeEnum.Character;
      return answer;
    };
    return adapter;
  };
  return factory;
}
