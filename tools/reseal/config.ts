import { previousSecret, secret } from '@gomon/runtime';
import Type from 'typebox';

export const ResealConfigSchema = Type.Object({
  DATABASE_URL: Type.String({ minLength: 1, description: 'PostgreSQL.' }),
  SECRETS_KEY: secret('The key to encrypt everything with.'),
  SECRETS_KEY_PREVIOUS: previousSecret('The previous key, to be retired.'),
});
