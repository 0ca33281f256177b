import { DEFAULT_KIND } from '@gomon/checks';
import type { Encryption } from '@gomon/encryption';
import type { Network } from '@gomon/egress';
import type { DryRunSettings } from '@gomon/persistence';
import { invalid } from '../../problem.ts';
import type { DryRunBody } from '../monitors/bodies.ts';
import { readKindSettings } from '../monitors/kind-settings.ts';

/**
 * What to probe for this dry run, encrypted for its id. Throws `validation_failed` with every
 * fault.
 */
export type DryRunSettingsReader = (id: string, body: DryRunBody) => Promise<DryRunSettings>;

const DEFAULT_TIMEOUT_MS = 10_000;

export function createDryRunSettingsReader(
  encryption: Encryption,
  allowedNetworks: readonly Network[],
): DryRunSettingsReader {
  return async (id, { kind = DEFAULT_KIND, timeoutMs = DEFAULT_TIMEOUT_MS, ...body }) => {
    const check = readKindSettings(kind, body, null, allowedNetworks);
    const faults = [...check.targetFaults, ...check.faults, ...check.secretFaults];
    if (faults.length > 0) throw invalid(faults);
    return { kind, timeoutMs, ...(await check.encrypted(encryption, id)) } as DryRunSettings;
  };
}
