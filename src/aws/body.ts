/** The part of a stream that is used. */
interface ByteStream extends AsyncIterable<Uint8Array> {
  destroy(error?: Error): unknown;
}

/** The most that an answer may hold: 400 load balancers take about one megabyte. */
const mostBytes = 64 * 1024 * 1024;

/**
 * Reads an answer's whole body. The SDK's timeouts end with the first byte of the head, so the body has its own timeout.
 * @throws an error named `TimeoutError` after `timeoutMs`, and whatever the socket throws.
 */
export async function readBody(stream: ByteStream, timeoutMs: number): Promise<string> {
  const late = setTimeout(() => {
    stream.destroy(
      Object.assign(new Error(`the answer's body did not end within ${timeoutMs} ms`), {
        name: 'TimeoutError',
        code: 'ETIMEDOUT',
      }),
    );
  }, timeoutMs);
  try {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of stream) {
      const buffer = Buffer.from(chunk);
      bytes += buffer.length;
      if (bytes > mostBytes) throw new Error(`the answer is longer than ${mostBytes} bytes`);
      chunks.push(buffer);
    }
    return Buffer.concat(chunks).toString('utf8');
  } finally {
    clearTimeout(late);
  }
}
