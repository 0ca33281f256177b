import { API_KEY_SCOPES } from '@gomon/domain';
import Type, { type Static } from 'typebox';
import { Id, moment, momentOrNull, oneOf, record } from '../../schemas/fields.ts';

const scope = () => oneOf(API_KEY_SCOPES);

export const NewApiKeyBody = record({
  name: Type.String({ minLength: 1, maxLength: 100, format: 'name', examples: ['deployment'] }),
  scopes: Type.Optional(
    Type.Array(scope(), {
      minItems: 1,
      uniqueItems: true,
      default: ['read'],
      description: '`read` lets it ask, `write` lets it change monitors, alerts and channels as well.',
    }),
  ),
  expiresAt: Type.Optional(
    Type.Unsafe<string | null>({
      type: ['string', 'null'],
      format: 'date-time',
      default: null,
      description: 'When it ends; null for never.',
    }),
  ),
});

const shown = {
  id: Id,
  name: Type.String(),
  prefix: Type.String({ description: 'How the key begins.', examples: ['gomon_4fT9xQ2a'] }),
  scopes: Type.Array(scope()),
  createdAt: moment(),
  expiresAt: momentOrNull(),
  lastUsedAt: momentOrNull({ description: 'To the minute.' }),
};

export const ApiKeyAnswer = record(shown, { $id: 'ApiKey' });

export type ApiKeyAnswer = Static<typeof ApiKeyAnswer>;

export const CreatedApiKeyAnswer = record(
  { ...shown, key: Type.String({ description: 'For `Authorization: Bearer`. Shown this once.' }) },
  { $id: 'CreatedApiKey' },
);
