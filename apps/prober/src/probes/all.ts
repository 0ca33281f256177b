import type { CheckKindName } from '@gomon/checks';
import { createHttpProbe } from './http/probe.ts';
import type { Probe, ProbeDeps } from './probe.ts';
import { createTcpProbe } from './tcp/probe.ts';
import { createWebSocketProbe } from './websocket/probe.ts';

const PROBES: { readonly [Kind in CheckKindName]: (deps: ProbeDeps) => Probe<Kind> } = {
  http: createHttpProbe,
  tcp: createTcpProbe,
  websocket: createWebSocketProbe,
};

/** A probe of whatever kind a target is. */
export function createProbes(deps: ProbeDeps): Probe {
  const probes = new Map(
    Object.entries(PROBES).map(([kind, create]) => [kind, create(deps) as Probe]),
  );
  return async (target, halt) => {
    const probe = probes.get(target.kind);
    if (!probe) throw new Error(`no probe of kind ${target.kind}`);
    return probe(target, halt);
  };
}
