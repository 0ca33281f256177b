import { randomBytes } from 'node:crypto';
import {
  addNumberedMonitors,
  createUser,
  findCredentials,
  type Db,
  listShards,
} from '@gomon/persistence';
import argon2 from 'argon2';
import { createCommand } from '../command.ts';
import { PopulateConfigSchema, type PopulateConfig } from '../config.ts';
import { withDatabase } from '../with-database.ts';

const USERNAME = 'populate';
const BATCH_SIZE = 10_000;
const PROGRESS_EVERY = 100_000;
/** With the window of 5 minutes and an interval of a minute: four failures in a row open an alert. */
const THRESHOLD = 3;

/**
 * Gives the user `populate` the monitors number 1 to POPULATE_MONITORS: those that exist stay, missing ones are added. May be
 * interrupted, repeated, and run twice at the same time.
 */
export const populateCommand = createCommand(PopulateConfigSchema, async (config, surroundings) => {
  await withDatabase(config.DATABASE_URL, 'populate', surroundings, (db) =>
    populate(db, config, surroundings.say),
  );
  return true;
});

async function populate(
  db: Db,
  config: PopulateConfig,
  say: (line: string) => void,
): Promise<void> {
  const { POPULATE_MONITORS: count, MAX_MONITORS_PER_USER: limit } = config;
  if (count > limit) {
    throw new Error(
      `POPULATE_MONITORS is ${count}, but MAX_MONITORS_PER_USER allows a user no more than ${limit}`,
    );
  }
  const { length: shardCount } = await listShards(db);
  if (shardCount === 0) throw new Error('the database has no shards yet: run the migration first');
  const population = {
    ownerId: await findOrCreateUser(db, say),
    name: USERNAME,
    url: config.POPULATE_URL,
    intervalSeconds: config.POPULATE_INTERVAL_SECONDS,
    threshold: THRESHOLD,
    shardCount,
  };
  const startedAt = performance.now();
  const progress = (through: number) =>
    `${through} of ${count} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`;
  let added = 0;
  for (let from = 1; from <= count; from += BATCH_SIZE) {
    const through = Math.min(from + BATCH_SIZE - 1, count);
    added += await addNumberedMonitors(db, population, from, through);
    if (through % PROGRESS_EVERY === 0 && through < count) say(progress(through));
  }
  say(`${progress(count)}: ${added} added, ${count - added} were there`);
}

async function findOrCreateUser(db: Db, say: (line: string) => void): Promise<string> {
  const existing = await findCredentials(db, USERNAME);
  if (existing) return existing.userId;
  const password = randomBytes(18).toString('base64url');
  const { id } = await createUser(db, {
    username: USERNAME,
    passwordHash: await argon2.hash(password),
  });
  say(`Made the user ${USERNAME} with the password ${password}, which is not shown again`);
  return id;
}
