import type { FaultKind } from './fault.ts';
import { jobFaults } from './job-faults.ts';
import { linkFaults } from './link-faults.ts';
import { clockFaults, processFaults } from './process-faults.ts';
import { receiverFaults } from './receiver-faults.ts';
import { serverFaults } from './server-faults.ts';

export function allFaults(fakeClocks: boolean): FaultKind[] {
  return [
    ...processFaults,
    ...(fakeClocks ? clockFaults : []),
    ...serverFaults,
    ...linkFaults,
    ...jobFaults,
    ...receiverFaults,
  ];
}
