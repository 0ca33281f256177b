import { execFile } from 'node:child_process';

const MAX_OUTPUT_BYTES = 2 ** 26;

/** What the command printed. Throws the end of its error output when it fails. */
export function docker(...args: string[]): Promise<string> {
  return run('docker', args, process.env);
}

/** Whether a Docker engine answers, wherever the docker command finds it. */
export function engineAnswers(): Promise<boolean> {
  return succeeds(docker('version', '--format', '{{.Server.Version}}'));
}

/** Docker Compose, the plugin or docker-compose, on the project that COMPOSE_PROJECT_NAME and COMPOSE_FILE name. */
export async function compose(args: readonly string[], environment = process.env): Promise<string> {
  return (await succeeds(docker('compose', 'version')))
    ? run('docker', ['compose', ...args], environment)
    : run('docker-compose', args, environment);
}

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { env, maxBuffer: MAX_OUTPUT_BYTES }, (error, stdout, stderr) => {
      if (!error) return resolve(stdout.trim());
      const reason = stderr.trim().slice(-2000) || error.message;
      reject(new Error(`${command} ${args.join(' ')}: ${reason}`, { cause: error }));
    });
  });
}

const succeeds = (work: Promise<unknown>) =>
  work.then(
    () => true,
    () => false,
  );
