import { INCOMING_WEBHOOK } from './fields.ts';
import { defineKind } from './kind.ts';

export const msteams = defineKind(INCOMING_WEBHOOK);
