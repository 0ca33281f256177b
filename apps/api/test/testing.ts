// For the tests and benchmarks of the whole, which reach packages through their exports only. No app imports this.
export { buildApp } from '../src/app.ts';
export { ApiConfigSchema } from '../src/config.ts';
export { isName } from '../src/http/name.ts';
export { observeRequests } from '../src/plugins/observe-requests.ts';
export { MonitorAnswer } from '../src/resources/monitors/schemas.ts';
export { targetFault } from '../src/resources/monitors/target-policy.ts';
export { type SchemaCheck, createSchemaCheck } from './schema-check.ts';
export { type TestApi, addAlert, addNotification, register, startTestApi } from './test-api.ts';
