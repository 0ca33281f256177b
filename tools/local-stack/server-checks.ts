import pg from 'pg';
import { pingRedis } from '@gomon/test-support';
import { describeError } from '@gomon/runtime';

const TIMEOUT_MS = 10_000;

/** Throws one line when the PostgreSQL that DATABASE_URL names does not answer. */
export async function checkPostgres(url: string): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: TIMEOUT_MS,
    query_timeout: TIMEOUT_MS,
  });
  try {
    await client.connect();
    await client.query('SELECT 1');
  } catch (error) {
    throw new Error(`The PostgreSQL of DATABASE_URL cannot be used: ${describeError(error)}`, {
      cause: error,
    });
  } finally {
    await client.end();
  }
}

/** Throws one line when the Redis that QUEUE_REDIS_URL names does not answer. */
export async function checkRedis(url: string): Promise<void> {
  try {
    await pingRedis(url);
  } catch (error) {
    throw new Error(`The Redis of QUEUE_REDIS_URL cannot be used: ${describeError(error)}`, {
      cause: error,
    });
  }
}
