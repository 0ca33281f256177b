import Type from 'typebox';
import { settingsOf } from './fields.ts';
import { defineKind } from './kind.ts';

export const pagerduty = defineKind({
  settings: settingsOf({
    routingKey: Type.String({ pattern: '^\\w{1,64}$', description: 'the integration key.' }),
  }),
  secrets: ['routingKey'],
  addresses: [],
  hasRecipients: false,
  example: { routingKey: 'R' },
});
