/** First in, first out; the cost of either does not grow with the length. */
export interface Fifo<Item> {
  push(item: Item): void;
  /** Takes the first `count`, or as many as there are. */
  shift(count: number): Item[];
  /** Takes those that `isOut` says, wherever they stand. */
  remove(isOut: (item: Item) => boolean): Item[];
  /** The one that is next, which stays. */
  readonly first: Item | undefined;
  readonly length: number;
}

/** So many that have left are kept before the others move up. */
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
      const { true: out = [], false: stay = [] } = Object.groupBy(items.slice(left), (item) => `${isOut(item)}` as const);
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
