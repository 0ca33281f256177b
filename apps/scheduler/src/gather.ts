/**
 * Makes of `work` a function of one item that works on all items that came while it was busy at once, at most `lanes` times at the
 * same moment: small batches when there is little to do, large ones when there is a backlog. When a batch fails each of its
 * items is tried by itself, so that it fails for nobody but the guilty.
 */
export function gather<Item>(work: (items: readonly Item[]) => Promise<void>, lanes: number): (item: Item) => Promise<void> {
  const waiting: Waiting<Item>[] = [];
  let busy = 0;
  const runLane = async () => {
    busy++;
    while (waiting.length > 0) await workOn(waiting.splice(0), work);
    busy--;
  };
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (busy < lanes) void runLane();
    });
}

interface Waiting<Item> {
  readonly item: Item;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

async function workOn<Item>(batch: readonly Waiting<Item>[], work: (items: readonly Item[]) => Promise<void>): Promise<void> {
  try {
    await work(batch.map(({ item }) => item));
    for (const { resolve } of batch) resolve();
  } catch (error) {
    if (batch.length === 1) batch[0]?.reject(error);
    else for (const one of batch) await workOn([one], work);
  }
}
