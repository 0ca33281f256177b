import type { TSchema } from 'typebox';
import { COMMANDS } from './commands.ts';

export const USAGE = `Usage: gomon-admin COMMAND

Commands:
${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(16)}${summary}`)
  .join('\n')}

Options:
  -h, --help      this text; after a command, the variables that it reads
  -V, --version   the version

Exit code: 0 all is well, 1 something is not, 2 the command line makes no sense.`;

export async function describeCommand(name: string): Promise<string> {
  const entry = COMMANDS[name];
  const { properties } = (await entry?.load())?.schema ?? {};
  const variables = Object.entries(properties ?? {}).map(
    ([variable, schema]) => `  ${variable}\n      ${describe(schema)}`,
  );
  return [
    `gomon-admin ${name}: ${entry?.summary}`,
    '',
    'Variables of the environment:',
    ...variables,
  ].join('\n');
}

function describe(schema: TSchema): string {
  const { description = '', default: value } = schema as {
    description?: string;
    default?: string | number;
  };
  if (value === undefined) return `${description} Required.`;
  return value === '' ? description : `${description} Default: ${value}.`;
}
