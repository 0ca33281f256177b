import { execFile } from 'node:child_process';

/** The API's description as the last release had it, from the root of the repository. */
export const LAST_RELEASE = 'docs/openapi/last-release.json';

const OASDIFF = 'github.com/oasdiff/oasdiff@v1.38.0';

export interface Comparison {
  readonly compatible: boolean;
  /** What oasdiff says: a line for each change that would break a client. */
  readonly report: string;
}

/** Compares two files; null where there is no Go, by which oasdiff runs. */
export function compare(base: string, revision: string): Promise<Comparison | null> {
  const args = [
    'run',
    OASDIFF,
    'breaking',
    base,
    revision,
    '--fail-on',
    'ERR',
    '--format',
    'singleline',
    '--color',
    'never',
  ];
  return new Promise((resolve, reject) => {
    execFile('go', args, { maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (error === null) resolve({ compatible: true, report: stdout.trim() });
      else if (error.code === 'ENOENT') resolve(null);
      else if (stdout.includes('error')) resolve({ compatible: false, report: stdout.trim() });
      else
        reject(new Error(`oasdiff could not compare ${base} with ${revision}: ${stderr.trim()}`));
    });
  });
}
