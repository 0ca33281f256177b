import { execFile } from 'node:child_process';

export type Severity = 'info' | 'low' | 'moderate' | 'high' | 'critical';

export interface Advisory {
  readonly name: string;
  readonly severity: Severity;
}

/** What the registry knows against the packages of the lock file in `root`; null where it cannot be asked. */
export async function findAdvisories(root: string): Promise<Advisory[] | null> {
  const { stdout } = await new Promise<{ stdout: string }>((resolve) => {
    execFile('npm', ['audit', '--json'], { cwd: root, maxBuffer: 64 * 1024 * 1024 }, (_, out) =>
      resolve({ stdout: out }),
    );
  });
  return readAudit(stdout);
}

/** Of npm's own report; whatever else it printed means that the registry did not answer. */
export function readAudit(output: string): Advisory[] | null {
  let report: {
    readonly auditReportVersion?: number;
    readonly vulnerabilities?: Record<string, Advisory>;
  };
  try {
    report = JSON.parse(output) as typeof report;
  } catch {
    return null;
  }
  if (report.auditReportVersion === undefined || !report.vulnerabilities) return null;
  return Object.values(report.vulnerabilities).map(({ name, severity }) => ({ name, severity }));
}
