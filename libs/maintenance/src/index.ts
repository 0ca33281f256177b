// When maintenance windows take place. Pure: callers decide what happens during one.
export {
  isMaintenanceRule,
  isTimeZone,
  maintenanceSpans,
  oldestStart,
} from './maintenance-spans.ts';
