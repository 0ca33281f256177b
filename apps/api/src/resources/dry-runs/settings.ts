import { MONITOR_DEFAULTS } from '@gomon/domain';
import type { Encryption } from '@gomon/encryption';
import type { Network } from '@gomon/egress';
import type { DryRunSettings } from '@gomon/persistence';
import { headerFaults, encryptHeaders } from '../monitors/header-fields.ts';
import { bodyFaults, targetFaults } from '../monitors/settings.ts';
import { invalid } from '../../problem.ts';
import type { DryRunBody } from '../monitors/bodies.ts';
import { normalizeTargetUrl } from '../monitors/target-url.ts';

/**
 * What to probe for this dry run, encrypted for its id. Throws `validation_failed` with every
 * fault.
 */
export type DryRunSettingsReader = (id: string, body: DryRunBody) => Promise<DryRunSettings>;

const DEFAULT_TIMEOUT_MS = 10_000;

export function createDryRunSettingsReader(encryption: Encryption, allowedNetworks: readonly Network[]): DryRunSettingsReader {
  const { method, expectedStatus, bodyContains, maxBodyBytes, followRedirects } = MONITOR_DEFAULTS;
  const defaults = { method, expectedStatus, bodyContains, maxBodyBytes, followRedirects, timeoutMs: DEFAULT_TIMEOUT_MS };
  return async (id, { headers = {}, ...body }) => {
    const settings = { ...defaults, ...body };
    const faults = [...targetFaults(body.url, allowedNetworks), ...bodyFaults(settings), ...headerFaults(headers, {})];
    if (faults.length > 0) throw invalid(faults);
    return { ...settings, url: normalizeTargetUrl(body.url), headers: await encryptHeaders(encryption, id, headers, {}) };
  };
}
