export type ServerVariable = 'TEST_POSTGRES_URL' | 'TEST_REDIS_URL';

/** The address that Jest's global setup put into the environment. */
export function serverUrl(variable: ServerVariable): string {
  const url = process.env[variable];
  if (!url)
    throw new Error(
      `${variable} is not set: add tools/test-support/jest-setup.mjs to the project's jest.config.mjs`,
    );
  return url;
}
