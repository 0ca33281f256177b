/** One server-sent event: its name and its content, as JSON has it. */
export interface LiveEvent {
  readonly event: string;
  readonly content: unknown;
}

/** The events of an answer of the type `text/event-stream`, as they come. It ends when the stream does. */
export async function* readEvents(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<LiveEvent> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const blocks = `${text}${part.value}`.replaceAll('\r\n', '\n').split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = parseBlock(block);
        if (event) yield event;
      }
    }
  } finally {
    await reader.cancel();
  }
}

/** Null for a comment, which only keeps the connection open. */
function parseBlock(block: string): LiveEvent | null {
  const fields = block.split('\n').map((line) => /^(\w+): ?(.*)$/.exec(line));
  const valuesOf = (name: string) =>
    fields.filter((field) => field?.[1] === name).map((field) => field?.[2] ?? '');
  const lines = valuesOf('data');
  if (lines.length === 0) return null;
  return {
    event: valuesOf('event').at(-1) ?? 'message',
    content: JSON.parse(lines.join('\n')) as unknown,
  };
}
