import { LATEST_MOMENT } from './moment.ts';
import { invalid } from '../problem.ts';
import { isUuid } from './uuid.ts';

/** The position of an item in its list. */
export interface Position {
  readonly at: Date;
  readonly id: string;
}

export interface Page<Item> {
  readonly items: Item[];
  /** Null on the last page. */
  readonly nextCursor: string | null;
}

/** The first `limit` of `rows`; one more row means that another page follows. */
export function toPage<Item>(
  list: string,
  rows: readonly Item[],
  limit: number,
  positionOf: (item: Item) => Position,
): Page<Item> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    nextCursor: last && rows.length > limit ? encodeCursor(list, positionOf(last)) : null,
  };
}

/** Opaque to clients. `list` names the list, so that another list refuses the cursor. */
export function encodeCursor(list: string, { at, id }: Position): string {
  return Buffer.from([list, at.getTime(), id].join(' ')).toString('base64url');
}

/** Undefined without a cursor; throws `validation_failed` for a cursor that this list did not issue. */
export function decodeCursor(list: string, cursor: string | undefined): Position | undefined {
  if (cursor === undefined) return undefined;
  const [, time = '', id = ''] = Buffer.from(cursor, 'base64url').toString().split(' ');
  const position = {
    at: new Date(/^\d{1,15}$/.test(time) ? Math.min(Number(time), LATEST_MOMENT) : 0),
    id,
  };
  if (!isUuid(id) || encodeCursor(list, position) !== cursor)
    throw invalid([{ pointer: '/cursor', message: 'is not a cursor of this list' }]);
  return position;
}
