import ipaddr from 'ipaddr.js';

export type Network = ReturnType<typeof ipaddr.parseCIDR>;

/** Whether `list` is empty or a comma-separated list of networks such as 10.0.0.0/8 or fd00::/8. */
export function isNetworkList(list: string): boolean {
  return split(list).every((text) => ipaddr.isValidCIDR(text));
}

/** The networks of a list that `isNetworkList` accepts. */
export function parseNetworks(list: string): Network[] {
  return split(list).map((text) => ipaddr.parseCIDR(text));
}

function split(list: string): string[] {
  return list
    .split(',')
    .map((text) => text.trim())
    .filter(Boolean);
}
