// When maintenance windows are there. Pure: what is done in one is for others.
export { isMaintenanceRule, isTimeZone, maintenanceSpans, oldestStart } from './maintenance-spans.ts';
