import { pathToFileURL } from 'node:url';
import pg from 'pg';
import ts from 'typescript';
import { compareRow, type Mismatch } from './compare-row.ts';
import { readCatalogue, type Catalogue } from './postgres/catalogue.ts';
import { describeStatement } from './postgres/describe-statement.ts';
import { Calls } from './statements/calls.ts';
import { findStatements, type RunStatement } from './statements/find-statements.ts';
import { statementForms, type Sources } from './statements/statement-forms.ts';
import { trustNear } from './statements/trust-near.ts';

export interface Report {
  readonly statements: number;
  readonly rowTypes: number;
  readonly forms: number;
  /** With the place in the code in front. */
  readonly faults: readonly string[];
}

/**
 * Compares every statement of SQL in the files with the migrated database: whether it parses, and whether its rows are what the code takes
 * them for.
 */
export async function checkRowTypes(
  databaseUrl: string,
  program: ts.Program,
  isChecked: (fileName: string) => boolean,
): Promise<Report> {
  const checker = program.getTypeChecker();
  const files = program.getSourceFiles().filter(({ fileName }) => isChecked(fileName));
  const sources: Sources = {
    checker,
    calls: new Calls(checker, files),
    modules: await loadFragments(files),
  };
  const runs = findStatements(checker, files);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const catalogue = await readCatalogue(client);
    const faults: string[] = [];
    let forms = 0;
    for (const run of runs) {
      const checked = await checkStatement(client, catalogue, sources, run);
      forms += checked.forms;
      faults.push(...checked.faults.map((fault) => `${placeOf(run.node)}: ${fault}`));
    }
    return {
      statements: runs.length,
      rowTypes: runs.filter(({ rowType }) => rowType !== null).length,
      forms,
      faults,
    };
  } finally {
    await client.end();
  }
}

async function checkStatement(
  client: pg.Client,
  catalogue: Catalogue,
  sources: Sources,
  run: RunStatement,
) {
  const mismatches: Mismatch[] = [];
  const faults = new Set<string>();
  let forms = 0;
  try {
    for (const form of statementForms(sources, run.statement, run.values)) {
      forms += 1;
      const columns = await describeStatement(client, catalogue, form);
      if (run.rowType)
        mismatches.push(...compareRow(sources.checker, run.rowType, columns, run.reader));
    }
  } catch (error) {
    faults.add(error instanceof Error ? error.message : String(error));
  }
  const isInAll = ({ column, fault }: Mismatch) =>
    mismatches.filter((other) => other.column === column && other.fault === fault).length === forms;
  const real = mismatches.filter((mismatch) => mismatch.kind !== 'needless' || isInAll(mismatch));
  const trusted = trustNear(run.node);
  for (const { column, fault, kind } of real)
    if (kind === 'wrong' || !trusted.has(column)) faults.add(`"${column}" ${fault}`);
  const excusable = new Set(
    real.filter(({ kind }) => kind !== 'wrong').map(({ column }) => column),
  );
  for (const column of trusted.difference(excusable)) faults.add(`"${column}" needs no trust`);
  return { forms, faults: [...faults] };
}

/** Modules that make fragments by code are asked for them. */
async function loadFragments(
  files: readonly ts.SourceFile[],
): Promise<Map<string, Record<string, unknown>>> {
  const modules = new Map<string, Record<string, unknown>>();
  for (const { fileName, text } of files) {
    if (text.includes('Prisma.raw('))
      modules.set(
        fileName,
        (await import(pathToFileURL(fileName).href)) as Record<string, unknown>,
      );
  }
  return modules;
}

function placeOf(node: ts.Node): string {
  const file = node.getSourceFile();
  return `${file.fileName}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

/** The program of a tsconfig.json, with files of which it does not know. */
export function readProgram(configFile: string, added: readonly string[] = []): ts.Program {
  const config = ts.getParsedCommandLineOfConfigFile(
    configFile,
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: fail },
  );
  if (!config) throw new Error(`${configFile} cannot be read`);
  return ts.createProgram([...config.fileNames, ...added], config.options);
}

function fail({ messageText }: ts.Diagnostic): never {
  throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'));
}
