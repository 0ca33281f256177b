import { CHECK_KINDS, type Destination } from '@gomon/checks';
import { isAllowedAddress, isHttpPort, type Network } from '@gomon/egress';
import ipaddr from 'ipaddr.js';

/** Names that only exist in private networks: RFC 6761, 6762, 8375, and the one that ICANN reserved. */
const PRIVATE_NAME = /(^|\.)(localhost|local|internal|home\.arpa)$/;

export interface DestinationFault {
  readonly what: 'host' | 'port';
  /** The end of "url …". */
  readonly message: string;
}

type AllowingVariable = 'PROBER_ALLOWED_NETWORKS' | 'NOTIFICATION_ALLOWED_NETWORKS';

/**
 * What is wrong with a destination; null when nothing is visible. The prober has the last word, on
 * the addresses that it dials; with allowed networks only it can judge a name.
 */
export function destinationFault(
  {
    host: written,
    port,
    anyPort,
    portRule,
  }: Pick<Destination, 'host' | 'port' | 'anyPort' | 'portRule'>,
  allowedNetworks: readonly Network[],
  variable: AllowingVariable = 'PROBER_ALLOWED_NETWORKS',
): DestinationFault | null {
  const remedy = `your operator can allow it with ${variable}`;
  const host = written.replace(/\.$/, '');
  const judged = anyPort || port === null ? HTTP_PORT : port;
  if (!ipaddr.isValid(host))
    return allowedNetworks.length > 0
      ? null
      : (nameFault(host, remedy) ?? portFault(judged, portRule));
  if (isAllowedAddress(host, allowedNetworks, judged)) return null;
  if (isAllowedAddress(host, [])) return portFault(judged, portRule);
  return { what: 'host', message: `leads to ${host}, which is not a public address; ${remedy}` };
}

/** The same of a URL: the end of "url …". */
export function targetFault(
  text: string,
  allowedNetworks: readonly Network[],
  variable?: AllowingVariable,
): string | null {
  return (
    destinationFault(CHECK_KINDS.http.destination({ url: text }), allowedNetworks, variable)
      ?.message ?? null
  );
}

const HTTP_PORT = 80;

function nameFault(host: string, remedy: string): DestinationFault | null {
  if (host.includes('.') && !PRIVATE_NAME.test(host)) return null;
  return {
    what: 'host',
    message: `leads to ${host}, which is not a name of the public DNS; ${remedy}`,
  };
}

function portFault(port: number, rule: string): DestinationFault | null {
  return isHttpPort(port) ? null : { what: 'port', message: `uses port ${port}, ${rule}` };
}
