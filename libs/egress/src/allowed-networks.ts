import ipaddr from 'ipaddr.js';

export type Network = ReturnType<typeof ipaddr.parseCIDR>;

/** Whether `list` is empty or names networks such as 10.0.0.0/8 or fd00::/8, by comma. */
export function isNetworkList(list: string): boolean {
  return split(list).every((text) => ipaddr.isValidCIDR(text));
}

/** The networks of a list of which `isNetworkList` is true. */
export function parseNetworks(list: string): Network[] {
  return split(list).map((text) => ipaddr.parseCIDR(text));
}

function split(list: string): string[] {
  return list
    .split(',')
    .map((text) => text.trim())
    .filter(Boolean);
}
