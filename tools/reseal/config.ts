import { previousSecret, secret } from '@gomon/runtime';
import Type from 'typebox';

export const ResealConfigSchema = Type.Object({
  DATABASE_URL: Type.String({ minLength: 1, description: 'PostgreSQL.' }),
  SECRETS_KEY: secret('The key that everything is to be encrypted under.'),
  SECRETS_KEY_PREVIOUS: previousSecret('The key before it, which is to be of no use any more.'),
});
