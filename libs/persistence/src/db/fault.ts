import { types } from 'node:util';
import { Prisma } from '../generated/client.ts';

/** `unavailable`: try again later, nothing is wrong with the request. `refused_value`: PostgreSQL cannot hold a value. */
export type DatabaseFault = 'unavailable' | 'refused_value';

/**
 * Connection lost or refused, out of resources, shutting down, statement or lock timeout,
 * serialization failure, deadlock.
 */
const UNAVAILABLE_STATES = /^(08...|28...|3D000|40001|40P01|53...|55P03|57...|25P0[34])$/;
const UNAVAILABLE_KINDS = [
  'DatabaseNotReachable',
  'ConnectionClosed',
  'SocketTimeout',
  'TlsConnectionError',
];
/**
 * Prisma's codes: cannot connect, connection closed, pool or transaction timeout, write conflict;
 * and Node's for sockets.
 */
const UNAVAILABLE_CODES =
  /^(P10\d\d|P2024|P2028|P2034|ECONN(REFUSED|RESET|ABORTED)|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;
/** Messages of driver errors without a code. */
const UNAVAILABLE_MESSAGES =
  /^(timeout exceeded when trying to connect|Query read timeout|Connection terminated|Connection refused: too many|Client (has encountered a connection error|was closed))/;
/**
 * Text that is not a number, uuid or UTF-8, a number or time out of range, JSON with NUL, a row too
 * large for an index.
 */
const REFUSED_STATES = /^(22P02|22003|22007|22008|22009|22021|22P05|54000)$/;

/** The kind of database fault; null when callers need not distinguish it. */
export function databaseFault(error: unknown): DatabaseFault | null {
  if (!types.isNativeError(error)) return null;
  const { kind = '', originalCode = '' } = driverCause(error) ?? {};
  if (REFUSED_STATES.test(originalCode)) return 'refused_value';
  const unavailable =
    UNAVAILABLE_STATES.test(originalCode) ||
    UNAVAILABLE_KINDS.includes(kind) ||
    UNAVAILABLE_CODES.test(codeOf(error)) ||
    UNAVAILABLE_MESSAGES.test(error.message);
  return unavailable ? 'unavailable' : null;
}

const DUPLICATE_STATE = '23505';

/** Whether `error` reports a duplicate key of this unique index, or of any. */
export function isDuplicate(error: unknown, index?: string): boolean {
  const cause = driverCause(error);
  return (
    cause?.originalCode === DUPLICATE_STATE &&
    (index === undefined || cause.constraint?.index === index)
  );
}

interface DriverCause {
  /** Set by the adapter; absent in errors of the driver. */
  readonly kind?: string;
  /** The SQLSTATE. */
  readonly originalCode?: string;
  readonly constraint?: { readonly index?: string };
}

/**
 * Errors of `readRows` come from the driver, those of BEGIN and COMMIT from its adapter, those of
 * queries wrapped.
 */
function driverCause(error: unknown): DriverCause | undefined {
  if (types.isNativeError(error) && 'severity' in error) return { originalCode: codeOf(error) };
  if (error instanceof Error && error.name === 'DriverAdapterError')
    return error.cause as DriverCause | undefined;
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return undefined;
  return (error.meta?.['driverAdapterError'] as { cause?: DriverCause } | undefined)?.cause;
}

const codeOf = (error: Error & { code?: unknown }) =>
  typeof error.code === 'string' ? error.code : '';
