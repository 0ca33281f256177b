import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';

const LEVELS: Record<string, number> = {
  trace: 10,
  debug: 20,
  info: 30,
  warn: 40,
  error: 50,
  fatal: 60,
  silent: Infinity,
};
const KEPT_LINES = 10;

export interface AppLog {
  /** Resolves when the app has closed its output and all of it is in the file. */
  complete: Promise<void>;
  lastLines(): readonly string[];
}

interface AppLogOptions {
  file: string;
  /** The least level that is also shown. */
  terminalLevel: string;
  show: (line: string) => void;
}

/** Appends an app's output to a file, and shows the lines that a person should see. */
export function keepLog(
  sources: readonly Readable[],
  { file, terminalLevel, show }: AppLogOptions,
): AppLog {
  const stream = createWriteStream(file, { flags: 'a' });
  const least = LEVELS[terminalLevel] ?? 40;
  const kept: string[] = [];
  let open = sources.length;
  for (const source of sources) {
    const lines = createInterface({ input: source });
    lines.on('line', (line) => {
      stream.write(`${line}\n`);
      const { level, text } = describe(line);
      kept.push(text);
      if (kept.length > KEPT_LINES) kept.shift();
      if (level >= least) show(text);
    });
    lines.on('close', () => {
      open -= 1;
      if (open === 0) stream.end();
    });
  }
  return { complete: finished(stream), lastLines: () => kept };
}

interface LogRecord {
  level: number;
  msg?: string;
  err?: { message?: string };
  error?: string;
}

/** What is not a log record, such as Node's report of a fatal error, matters once the process has ended. */
function describe(line: string): { level: number; text: string } {
  const record = parse(line);
  if (!record) return { level: 0, text: line };
  const reason = record.err?.message ?? record.error;
  return { level: record.level, text: [record.msg, reason].filter(Boolean).join(': ') };
}

function parse(line: string): LogRecord | null {
  if (!line.startsWith('{')) return null;
  try {
    return JSON.parse(line) as LogRecord;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
