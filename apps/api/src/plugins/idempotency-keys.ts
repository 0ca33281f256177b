import { createHash } from 'node:crypto';
import type { Encryption } from '@gomon/encryption';
import { answerOnce, type Db, type Queryable } from '@gomon/persistence';
import type { FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { Problem } from '../problem.ts';

declare module 'fastify' {
  interface FastifyReply {
    /**
     * The answer of `work`; of requests with the same `Idempotency-Key`, the first that succeeds
     * does the work, and the others get its answer. All writes of `work` must use the given
     * connection. It sets status and headers, and returns the body.
     */
    once<Body>(work: (db: Queryable) => Promise<Body>): Promise<Body>;
  }
}

interface KeptReply {
  /** A digest of the request. */
  readonly fingerprint: string;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

const KEPT_HEADERS = ['etag', 'location'];

/**
 * `reply.once`, for every POST of a user. Answers are stored encrypted: they may hold secrets shown
 * only once.
 */
export const idempotencyKeys = fp(
  async (app, { db, encryption }: { db: Db; encryption: Encryption }) => {
    app.decorateReply('once', async function <
      Body,
    >(this: FastifyReply, work: (db: Queryable) => Promise<Body>) {
      const key = this.request.headers['idempotency-key'];
      if (key === undefined) return work(db);
      const { userId } = this.request.caller;
      const fingerprint = fingerprintOf(this.request);
      const route = `${this.request.method} ${this.request.routeOptions.url}`;
      const { answer, replayed } = await answerOnce(
        db,
        { userId, route, key: String(key) },
        async (tx) => {
          const body = await work(tx);
          return encryption.encrypt(JSON.stringify(keep(this, fingerprint, body)), userId);
        },
      );
      const kept = JSON.parse(await encryption.decrypt(answer, userId)) as KeptReply;
      if (kept.fingerprint !== fingerprint) {
        throw new Problem(
          'idempotency_key_reused',
          'This Idempotency-Key was used for a different request.',
        );
      }
      if (replayed) this.header('idempotent-replayed', 'true');
      this.code(kept.status).headers(kept.headers).type('application/json; charset=utf-8');
      return kept.body; // Text is sent unchanged.
    });
  },
);

function fingerprintOf({ url, body }: FastifyRequest): string {
  return createHash('sha256')
    .update(`${url}\n${JSON.stringify(body ?? null)}`)
    .digest('base64url');
}

function keep(reply: FastifyReply, fingerprint: string, body: unknown): KeptReply {
  const headers = KEPT_HEADERS.flatMap((name) =>
    reply.hasHeader(name) ? [[name, String(reply.getHeader(name))]] : [],
  );
  return {
    fingerprint,
    status: reply.statusCode,
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: typeof body === 'string' ? body : (reply.serialize(body) as string),
  };
}
