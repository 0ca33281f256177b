/** First in, first out; the cost of both does not grow with the length. */
export interface Fifo<Item> {
  push(item: Item): void;
  /** Takes up to `count` items from the front. */
  shift(count: number): Item[];
  /** Removes the items for which `isOut` is true, wherever they are. */
  remove(isOut: (item: Item) => boolean): Item[];
  /** The next item, which stays. */
  readonly first: Item | undefined;
  readonly length: number;
}

/** Taken items are kept until there are this many; then the rest move up. */
const MAX_LEFT = 1000;

export function createFifo<Item>(): Fifo<Item> {
  let items: Item[] = [];
  let left = 0;
  return {
    push: (item) => void items.push(item),
    shift: (count) => {
      const first = items.slice(left, left + count);
      left += first.length;
      if (left === items.length || (left > MAX_LEFT && left * 2 > items.length)) {
        items = items.slice(left);
        left = 0;
      }
      return first;
    },
    remove: (isOut) => {
      const { true: out = [], false: stay = [] } = Object.groupBy(
        items.slice(left),
        (item) => `${isOut(item)}` as const,
      );
      [items, left] = [stay, 0];
      return out;
    },
    get first() {
      return items[left];
    },
    get length() {
      return items.length - left;
    },
  };
}
