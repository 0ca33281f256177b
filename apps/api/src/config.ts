import { operationVariables, secret } from '@gomon/runtime';
import Type, { type Static } from 'typebox';

export const ApiConfigSchema = Type.Object({
  DATABASE_URL: Type.String({ minLength: 1, description: 'PostgreSQL.' }),
  DATABASE_POOL_SIZE: Type.Integer({ minimum: 1, maximum: 1000, default: 10, description: 'Connections to PostgreSQL.' }),
  JWT_SECRET: secret('Signs tokens.'),
  SECRETS_KEY: secret("Encrypts the values of monitors' headers."),
  API_HOST: Type.String({ minLength: 1, default: '0.0.0.0', description: 'Address that the API listens on.' }),
  API_PORT: Type.Integer({ minimum: 0, maximum: 65_535, default: 8010, description: 'Port of the API.' }),
  ...operationVariables(8011),
  MAX_MONITORS_PER_USER: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 20,
    description: 'How many monitors a user may have.',
  }),
  MIN_INTERVAL_SECONDS: Type.Integer({
    minimum: 1,
    maximum: 60,
    default: 10,
    description: 'The shortest interval that a monitor may have.',
  }),
});

export type ApiConfig = Static<typeof ApiConfigSchema>;
