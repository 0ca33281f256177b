// gomon-admin: what the operator of an installation runs on it. Standard output has the answer, standard error what went wrong.
import { runCommand } from './run-command.ts';

process.exitCode = await runCommand(process.argv.slice(2), {
  environment: process.env,
  now: () => Date.now(),
  say: (line) => console.log(line),
  complain: (line) => console.error(line),
});
