import { INCOMING_WEBHOOK } from './fields.ts';
import { defineKind } from './kind.ts';

export const slack = defineKind(INCOMING_WEBHOOK);
