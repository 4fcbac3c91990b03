/** A block of server-sent events: where the stream is, and the data of the event if the block is one. */
export interface StreamBlock {
  readonly id?: string;
  readonly data?: string;
}

/** Server-sent events (HTML 9.2.6), as far as the API uses them, from the text as it comes in. */
export async function* blocksOf(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<StreamBlock, void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      text += decoder.decode(value, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) yield blockOf(block.split('\n'));
    }
  } finally {
    await reader.cancel().catch(() => undefined); // the connection may be gone
  }
}

function blockOf(lines: readonly string[]): StreamBlock {
  const valuesOf = (field: string) =>
    lines
      .filter((line) => line.startsWith(`${field}:`))
      .map((line) => line.slice(field.length + 1).replace(/^ /, ''));
  const [id] = valuesOf('id');
  const data = valuesOf('data');
  return { ...(id !== undefined && { id }), ...(data.length > 0 && { data: data.join('\n') }) };
}
