import { parseArgs } from 'node:util';
import type { Surroundings } from './command.ts';
import { COMMANDS } from './commands.ts';
import { describeFailure } from './describe-failure.ts';
import { describeCommand, USAGE } from './usage.ts';
import { readVersion } from './version.ts';

/** All is well; something is not, or the command failed; the command line makes no sense. */
export type ExitCode = 0 | 1 | 2;

/** Runs the command that `args` name and resolves with the exit code of the process. Never throws. */
export async function runCommand(
  args: readonly string[],
  surroundings: Surroundings,
): Promise<ExitCode> {
  const { say, complain } = surroundings;
  const request = parse(args);
  if ('fault' in request) {
    complain(`gomon-admin: ${request.fault}`);
    complain(USAGE);
    return 2;
  }
  const { name, help, version } = request;
  try {
    if (version) say(readVersion());
    else if (help || !name) say(name ? await describeCommand(name) : USAGE);
    else return (await (await COMMANDS[name]?.load())?.run(surroundings)) ? 0 : 1;
    return 0;
  } catch (error) {
    complain(`gomon-admin ${name ?? ''}: ${describeFailure(error)}`);
    return 1;
  }
}

interface Request {
  readonly name: string | undefined;
  readonly help: boolean;
  readonly version: boolean;
}

function parse(args: readonly string[]): Request | { readonly fault: string } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        version: { type: 'boolean', short: 'V', default: false },
      },
    });
    const [name, ...rest] = positionals;
    if (name !== undefined && !Object.hasOwn(COMMANDS, name))
      return { fault: `there is no command "${name}"` };
    if (rest.length > 0) return { fault: `"${name}" takes no arguments` };
    if (!name && !values.help && !values.version) return { fault: 'which command?' };
    return { name, ...values };
  } catch (error) {
    return { fault: describeFailure(error) };
  }
}
