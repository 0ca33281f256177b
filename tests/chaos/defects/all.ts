import { alertDefects } from './alert-defects.ts';
import { checkDefects } from './check-defects.ts';
import type { Defect } from './defect.ts';
import { notificationDefects } from './notification-defects.ts';
import { operationDefects } from './operation-defects.ts';

/** Every invariant is broken by one of them at least. */
export const DEFECTS: readonly Defect[] = [
  ...checkDefects,
  ...alertDefects,
  ...notificationDefects,
  ...operationDefects,
];
