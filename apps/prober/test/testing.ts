// For the tests and benchmarks of the whole, which reach packages through their exports only. No app imports this.
export { ProberConfigSchema } from '../src/config.ts';
export { createLimiter } from '../src/limiter.ts';
export { createProberMetrics } from '../src/metrics.ts';
export { createProber } from '../src/prober.ts';
export { createProbes } from '../src/probes/all.ts';
export { createHttpProbe } from '../src/probes/http/probe.ts';
export { type Finding } from '../src/probes/probe.ts';
export { createSelfCheck } from '../src/self-check/self-check.ts';
