import { INCOMING_WEBHOOK } from './fields.ts';
import { defineKind } from './kind.ts';

export const discord = defineKind(INCOMING_WEBHOOK);
