import pg from 'pg';

/** One connection to the server's maintenance database, closed when `use` has ended. */
export async function withAdmin<Result>(
  serverUrl: string,
  use: (admin: pg.Client) => Promise<Result>,
): Promise<Result> {
  const admin = new pg.Client({ connectionString: serverUrl });
  await admin.connect();
  try {
    return await use(admin);
  } finally {
    await admin.end();
  }
}
