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
      description:
        '`read` allows reading; `write` also allows changing monitors, alerts and channels.',
    }),
  ),
  expiresAt: Type.Optional(
    Type.Unsafe<string | null>({
      type: ['string', 'null'],
      format: 'date-time',
      default: null,
      description: 'When it expires; null for never.',
    }),
  ),
});

const shown = {
  id: Id,
  name: Type.String(),
  prefix: Type.String({
    description: 'First characters of the key.',
    examples: ['gomon_4fT9xQ2a'],
  }),
  scopes: Type.Array(scope()),
  createdAt: moment(),
  expiresAt: momentOrNull(),
  lastUsedAt: momentOrNull({ description: 'To the minute.' }),
};

export const ApiKeyAnswer = record(shown, { $id: 'ApiKey' });

export type ApiKeyAnswer = Static<typeof ApiKeyAnswer>;

export const CreatedApiKeyAnswer = record(
  { ...shown, key: Type.String({ description: 'For `Authorization: Bearer`. Shown only once.' }) },
  { $id: 'CreatedApiKey' },
);
