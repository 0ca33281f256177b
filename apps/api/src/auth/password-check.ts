import { createHash } from 'node:crypto';
import { DomainError } from '@gomon/domain';
import {
  countAttempt,
  findCredentials,
  findCredentialsOf,
  isKnownNetwork,
  rememberNetwork,
  takeBackAttempt,
  type AttemptLimit,
  type Credentials,
  type Db,
} from '@gomon/persistence';
import type { FastifyRequest } from 'fastify';
import { networkOf } from './client-network.ts';
import type { Passwords } from './passwords.ts';
import { rateLimited } from '../problem.ts';
import type { TokenSubject } from './tokens.ts';

const FREE_FAILURES = 5;
const FREE_FAILURES_OF_ACCOUNT = 20;
const FREE_FAILURES_OF_NETWORK = 30;

/** Checks passwords, and limits how often. Call both in turn: see `Passwords`. */
export interface PasswordCheck {
  /** `session`: the session that the request proves. Throws `invalid_credentials` or `rate_limited`. */
  logIn(
    request: FastifyRequest,
    login: { username: string; password: string },
    session: TokenSubject | null,
  ): Promise<Credentials>;
  /** For a logged-in user. Throws `wrong_password` or `rate_limited`. */
  confirm(request: FastifyRequest, password: string): Promise<Credentials>;
}

/**
 * Failures are counted in the database, for all api processes, by account and network. Failures
 * from networks new to the account also count together for the account, and for the network with
 * all its accounts. So nobody else can make the owner wait who uses a session or a network of
 * earlier logins.
 */
export function createPasswordCheck(db: Db, passwords: Passwords): PasswordCheck {
  const check = async (
    credentials: Credentials | null,
    limits: AttemptLimit[],
    password: string,
  ) => {
    const waitSeconds = await countAttempt(db, limits);
    if (waitSeconds > 0) {
      throw rateLimited(`Too many wrong passwords. Try again in ${waitSeconds} s.`, waitSeconds);
    }
    if (!(await passwords.matches(credentials?.passwordHash ?? null, password))) return null;
    await takeBackAttempt(db, limits);
    return credentials;
  };
  return {
    logIn: async (request, { username, password }, session) => {
      const credentials = await findCredentials(db, username);
      const network = digest(networkOf(request.ip));
      const known = await isKnownNetwork(db, credentials?.userId ?? null, network);
      const account = credentials?.userId ?? username.toLowerCase();
      const limits =
        session && session.userId === credentials?.userId
          ? limitsOfSession(session)
          : limitsOf(account, network, known);
      const checked = await check(credentials, limits, password);
      if (!checked) throw new DomainError('invalid_credentials', 'Wrong username or password.');
      await rememberNetwork(db, checked.userId, network);
      return checked;
    },
    confirm: async ({ caller, sessionId }, password) => {
      const credentials = await findCredentialsOf(db, caller.userId);
      const checked = await check(
        credentials,
        limitsOfSession({ userId: caller.userId, sessionId }),
        password,
      );
      if (!checked) throw new DomainError('wrong_password', 'The current password is wrong.');
      return checked;
    },
  };
}

function limitsOf(account: string, network: string, known: boolean): AttemptLimit[] {
  const pair = { key: digest('pair', account, network), free: FREE_FAILURES, shared: false };
  if (known) return [pair];
  return [
    pair,
    { key: digest('account', account), free: FREE_FAILURES_OF_ACCOUNT, shared: true },
    { key: digest('network', network), free: FREE_FAILURES_OF_NETWORK, shared: true },
  ];
}

function limitsOfSession({ userId, sessionId }: TokenSubject): AttemptLimit[] {
  return [{ key: digest('session', userId, sessionId), free: FREE_FAILURES, shared: false }];
}

/** A typed name may be a password, and addresses are personal: both are stored as hashes only. */
function digest(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('base64url');
}
