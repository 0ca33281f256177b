import { MONITOR_DEFAULTS, type Seal } from '@gomon/domain';
import type { Network } from '@gomon/egress';
import type { TrialSettings } from '@gomon/persistence';
import { headerFaults, sealHeaders } from '../monitors/header-fields.ts';
import { bodyFaults, targetFaults } from '../monitors/settings.ts';
import { invalid } from '../../problem.ts';
import type { ProbeTrialBody } from '../monitors/bodies.ts';
import { normalizeTargetUrl } from '../monitors/target-url.ts';

/** What is to be probed for the trial of this id, sealed for it. Throws `validation_failed` with every fault. */
export type TrialSettingsReader = (id: string, body: ProbeTrialBody) => Promise<TrialSettings>;

const DEFAULT_TIMEOUT_MS = 10_000;

export function createTrialSettingsReader(seal: Seal, allowedNetworks: readonly Network[]): TrialSettingsReader {
  const { method, expectedStatus, bodyContains, maxBodyBytes, followRedirects } = MONITOR_DEFAULTS;
  const defaults = { method, expectedStatus, bodyContains, maxBodyBytes, followRedirects, timeoutMs: DEFAULT_TIMEOUT_MS };
  return async (id, { headers = {}, ...body }) => {
    const settings = { ...defaults, ...body };
    const faults = [...targetFaults(body.url, allowedNetworks), ...bodyFaults(settings), ...headerFaults(headers, {})];
    if (faults.length > 0) throw invalid(faults);
    return { ...settings, url: normalizeTargetUrl(body.url), headers: await sealHeaders(seal, id, headers, {}) };
  };
}
