import { blank, isText } from './blank.js';
import type { Recording } from './recording.js';

/** The gist of a recording. `closed`: without a byte. `silent`: still open, and no byte. */
export type Answer =
  | { readonly kind: 'http'; readonly status: number; readonly bytes: Uint8Array }
  | { readonly kind: 'tls-hello' }
  | { readonly kind: 'tls-alert'; readonly alert: number }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'closed' }
  | { readonly kind: 'silent' };

/** The answer on the wire. */
export function answerOf({ received, ended }: Recording): Answer {
  return readAnswer(received, ended === 'open');
}

/** The answer inside the TLS session; undefined if there was none. */
export function insideAnswerOf({ inside, ended }: Recording): Answer | undefined {
  return inside?.established === true ? readAnswer(inside.received, ended === 'open') : undefined;
}

function readAnswer(received: Uint8Array, open: boolean): Answer {
  if (received.length === 0) return { kind: open ? 'silent' : 'closed' };
  const status = httpStatus(received);
  if (status !== undefined) return { kind: 'http', status, bytes: received };
  // A record of type handshake is not enough: an echo gives the ClientHello (type 1) back.
  if (received[0] === 0x16 && received[1] === 3 && received[5] === 2) return { kind: 'tls-hello' };
  if (received[0] === 0x15 && received[1] === 3 && received.length >= 7)
    return { kind: 'tls-alert', alert: received[6] ?? 0 };
  return { kind: 'bytes', bytes: received };
}

/** The status of an answer that has a status line. */
export function httpStatus(bytes: Uint8Array): number | undefined {
  const line = Buffer.from(bytes.subarray(0, 32)).toString('latin1');
  const status = /^HTTP\/\d(?:\.\d)? (\d{3})(?:[ \r\n]|$)/.exec(line)?.[1];
  return status === undefined ? undefined : Number(status);
}

/** An answer that only an HTTP application gives: 400 is also what a parser says to a line that it does not know. */
export function isHttpSuccess(answer: Answer | undefined): answer is Extract<Answer, { kind: 'http' }> {
  return answer?.kind === 'http' && answer.status !== 400;
}

/** Whether anything came back. */
export function hasBytes(answer: Answer): boolean {
  return answer.kind !== 'closed' && answer.kind !== 'silent';
}

/** Whether an answer quotes the line's own words: then it was taken for application data. */
export function quotesTheLine(answer: Answer | undefined): boolean {
  if (answer?.kind !== 'bytes') return false;
  const text = Buffer.from(answer.bytes).toString('latin1');
  return /PROXY/i.test(text) && /TCP[46]/i.test(text);
}

/** Whether two answers are the same as far as they identify a receiver. */
export function sameAnswer(one: Answer, other: Answer): boolean {
  if (one.kind === 'http' && other.kind === 'http') return one.status === other.status;
  if (one.kind === 'bytes' && other.kind === 'bytes') return sameBytes(one.bytes, other.bytes);
  if (one.kind === 'tls-alert' && other.kind === 'tls-alert') return one.alert === other.alert;
  return one.kind === other.kind;
}

/** Whether two answers are the same; in text, parts that differ from connection to connection don't count. */
export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return isText(one) && isText(other) ? blank(one) === blank(other) : Buffer.compare(one, other) === 0;
}

/** An answer in words, to follow "it": "answered HTTP 200". */
export function answerInWords(answer: Answer): string {
  switch (answer.kind) {
    case 'closed':
      return 'closed the connection';
    case 'silent':
      return 'gave no answer';
    case 'http':
      return `answered HTTP ${answer.status}`;
    case 'tls-hello':
      return 'answered with a TLS handshake';
    case 'tls-alert':
      return `answered with TLS alert ${answer.alert}`;
    case 'bytes':
      return 'answered something else';
  }
}
