import Type from 'typebox';
import { settingsOf } from './fields.ts';
import { defineKind } from './kind.ts';

export const telegram = defineKind({
  settings: settingsOf({
    botToken: Type.String({ maxLength: 100, pattern: '^\\d+:[\\w-]+$' }),
    chatId: Type.String({ pattern: '^(-?\\d{1,20}|@\\w{5,32})$' }),
  }),
  secrets: ['botToken'],
  addresses: [],
  hasRecipients: false,
  example: { botToken: '123:abc', chatId: '-100' },
});
