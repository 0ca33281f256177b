import { createFifo, type Fifo } from './fifo.ts';

/** The owner of a probe, from its job; null when the job does not name one. */
export type OwnerTag = number | null;

/** A probe that has begun. `end` frees its place; further calls do nothing. */
export interface Begun<Item> {
  readonly item: Item;
  end(): void;
}

/**
 * Shares a limited number of places between owners. The next free place goes to the owner with the
 * fewest, then to the one that has waited longest; an owner's probes start in the order in which
 * they came. A full host is passed over.
 */
export interface FairQueue<Item> {
  push(host: string, owner: OwnerTag, item: Item): void;
  /** Null when no probe may begin now. */
  next(): Begun<Item> | null;
  /** Removes the waiting probes for which `isOut` is true. */
  remove(isOut: (item: Item) => boolean): Item[];
  readonly taken: number;
  /** Waiting probes that wait for a place, not for their host. */
  readonly waiting: number;
  readonly waitingForHost: number;
}

export type FairQueueOptions = { readonly limit: number; readonly hostLimit: number };

/**
 * The last tenth of all places, and of a host's, is reserved for owners without a place there, so
 * an owner that comes later never waits for others' slow probes. Jobs that name no owner hold many
 * owners' checks and may use all places.
 */
export const reservedOf = (limit: number) => Math.floor(limit / 10);

interface Host<Item> {
  readonly name: string;
  taken: number;
  waiting: number;
  /** How many of the owner's probes wait for a place, not for the host. */
  counted: number;
  readonly lanes: Set<Lane<Item>>;
}

interface Owner<Item> {
  readonly tag: OwnerTag;
  taken: number;
  readonly lanes: Map<string, Lane<Item>>;
  /** Lanes whose first probe may begin, unless the host has filled since; the oldest is last. */
  ready: Lane<Item>[];
}

/** One owner's probes of one host. */
interface Lane<Item> {
  readonly owner: Owner<Item>;
  readonly host: Host<Item>;
  taken: number;
  isReady: boolean;
  readonly fifo: Fifo<Ticket<Item>>;
}

type Ticket<Item> = { readonly number: number; readonly item: Item };

export function createFairQueue<Item>({ limit, hostLimit }: FairQueueOptions): FairQueue<Item> {
  const hosts = new Map<string, Host<Item>>();
  const owners = new Map<OwnerTag, Owner<Item>>();
  /**
   * Owners with ready lanes, by the places they hold; within a level the one that has been there
   * longest is first.
   */
  const levels = new Map<number, Set<Owner<Item>>>();
  const unreserved = limit - reservedOf(limit);
  const hostUnreserved = hostLimit - reservedOf(hostLimit);
  let taken = 0;
  let tickets = 0;
  let waiting = 0;
  let counted = 0;

  function laneOf(hostName: string, tag: OwnerTag): Lane<Item> {
    const owner: Owner<Item> = owners.get(tag) ?? { tag, taken: 0, lanes: new Map(), ready: [] };
    const host: Host<Item> = hosts.get(hostName) ?? {
      name: hostName,
      taken: 0,
      waiting: 0,
      counted: 0,
      lanes: new Set(),
    };
    const lane: Lane<Item> = owner.lanes.get(hostName) ?? {
      owner,
      host,
      taken: 0,
      isReady: false,
      fifo: createFifo(),
    };
    owners.set(tag, owner);
    hosts.set(hostName, host);
    owner.lanes.set(hostName, lane);
    host.lanes.add(lane);
    return lane;
  }

  function forgetIfIdle(lane: Lane<Item>): void {
    const { owner, host } = lane;
    if (lane.taken + lane.fifo.length > 0) return;
    owner.lanes.delete(host.name);
    host.lanes.delete(lane);
    if (owner.lanes.size === 0) owners.delete(owner.tag);
    if (host.lanes.size === 0) hosts.delete(host.name);
  }

  const hasRoomAtHost = ({ owner, host, taken: own }: Lane<Item>) =>
    host.taken < (own === 0 || owner.tag === null ? hostLimit : hostUnreserved);

  function makeReady(lane: Lane<Item>): void {
    if (lane.isReady || lane.fifo.length === 0 || !hasRoomAtHost(lane)) return;
    const { owner } = lane;
    lane.isReady = true;
    owner.ready.splice(placeOf(lane, owner.ready), 0, lane);
    enlist(owner);
  }

  function enlist(owner: Owner<Item>): void {
    const level = levels.get(owner.taken) ?? new Set();
    levels.set(owner.taken, level.add(owner));
  }

  function delist(owner: Owner<Item>): void {
    const level = levels.get(owner.taken);
    level?.delete(owner);
    if (level?.size === 0) levels.delete(owner.taken);
  }

  /**
   * The owner's next lane. Lanes whose host has filled become ready again when one of its probes
   * ends.
   */
  function nextLane(owner: Owner<Item>): Lane<Item> | undefined {
    for (let lane = owner.ready.at(-1); lane; lane = owner.ready.at(-1)) {
      if (hasRoomAtHost(lane)) return lane;
      lane.isReady = false;
      owner.ready.pop();
    }
    delist(owner);
    return undefined;
  }

  function chooseLane(): Lane<Item> | undefined {
    if (taken >= limit) return undefined;
    const unknown = owners.get(null);
    const open = taken < unreserved ? [...levels.keys()].sort((a, b) => a - b) : [0];
    for (const level of open)
      for (const owner of levels.get(level) ?? []) {
        const lane = nextLane(owner);
        if (lane) return lane;
      }
    return unknown && nextLane(unknown);
  }

  /** Counts a place that `lane` takes (1) or frees (-1). */
  function count(lane: Lane<Item>, places: 1 | -1): void {
    const { owner, host } = lane;
    delist(owner);
    for (const counter of [lane, owner, host]) counter.taken += places;
    taken += places;
    if (owner.ready.length > 0) enlist(owner);
  }

  function recount(host: Host<Item>, arrived: number): void {
    host.waiting += arrived;
    waiting += arrived;
    const now = Math.min(host.waiting, Math.max(0, hostLimit - host.taken));
    counted += now - host.counted;
    host.counted = now;
  }

  function end(lane: Lane<Item>): void {
    count(lane, -1);
    recount(lane.host, 0);
    for (const waitingLane of lane.host.lanes) makeReady(waitingLane);
    forgetIfIdle(lane);
  }

  function next(): Begun<Item> | null {
    const lane = chooseLane();
    const [ticket] = lane?.fifo.shift(1) ?? [];
    if (!lane || !ticket) return null;
    lane.owner.ready.pop();
    lane.isReady = false;
    count(lane, 1);
    recount(lane.host, -1);
    makeReady(lane);
    return { item: ticket.item, end: () => end(lane) };
  }

  function removeFrom(lane: Lane<Item>, isOut: (item: Item) => boolean): Item[] {
    const out = lane.fifo.remove(({ item }) => isOut(item)).map(({ item }) => item);
    recount(lane.host, -out.length);
    forgetIfIdle(lane);
    return out;
  }

  function remove(isOut: (item: Item) => boolean): Item[] {
    return [...owners.values()].flatMap((owner) => {
      const out = [...owner.lanes.values()].flatMap((lane) => removeFrom(lane, isOut));
      owner.ready = owner.ready
        .filter((lane) => (lane.isReady = lane.fifo.length > 0))
        .sort((a, b) => numberOf(b) - numberOf(a));
      if (owner.ready.length === 0) delist(owner);
      return out;
    });
  }

  return {
    push: (host, owner, item) => {
      const lane = laneOf(host, owner);
      lane.fifo.push({ number: tickets++, item });
      recount(lane.host, 1);
      makeReady(lane);
    },
    next,
    remove,
    get taken() {
      return taken;
    },
    get waiting() {
      return counted;
    },
    get waitingForHost() {
      return waiting - counted;
    },
  };
}

function numberOf<Item>({ fifo }: Lane<Item>): number {
  return fifo.first?.number ?? Infinity;
}

/** The index at which the lane belongs among the ready ones. */
function placeOf<Item>(lane: Lane<Item>, ready: readonly Lane<Item>[]): number {
  let [from, to] = [0, ready.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (numberOf(ready[middle] as Lane<Item>) > numberOf(lane)) from = middle + 1;
    else to = middle;
  }
  return from;
}
