import { plainText } from './plain-text.js';

/** An HTTP answer that is not the API's XML. The SDK alone would treat some of these as an empty result. */
export class UnreadableAnswer extends Error {
  override readonly name = 'UnreadableAnswer';
  /** In the SDK's shape, so that its retry rules see a 500 as they see any other. */
  readonly $metadata: { readonly httpStatusCode: number; readonly requestId?: string | undefined };

  /** Also retried: an answer that broke off. */
  readonly $retryable: { readonly throttling: false } | undefined;

  /**
   * @param what what came instead, as a noun phrase
   * @param cutOff whether it began as the API's answer and lacks its end
   */
  constructor(
    readonly status: number,
    readonly what: string,
    requestId?: string,
    readonly cutOff = false,
  ) {
    super(`HTTP ${status} with ${what}`);
    this.$metadata = { httpStatusCode: status, requestId };
    this.$retryable = cutOff ? { throttling: false } : undefined;
  }
}

/** Which API is asked: Classic Load Balancers' (2012-06-01), or the newer one (2015-12-01). */
export type ApiKind = 'classic' | 'network';

/** An answer's metadata. */
interface AnswerHead {
  readonly api: ApiKind;
  readonly action: string;
  readonly status: number;
  readonly contentType?: string | undefined;
  readonly location?: string | undefined;
  readonly requestId?: string | undefined;
}

/**
 * Holds an answer's body to the Query API's form: one `<ActionResponse>` element, closed, with an `<ActionResult>`
 * in it where the action gives one; or, from status 300 on, any one element, closed, with a `<Code>` in it.
 * @throws UnreadableAnswer that says what came instead.
 */
export function checkAnswer(body: string, head: AnswerHead, hasResult: boolean): void {
  const text = body.trim();
  const unreadable = (what: string, cutOff = false) =>
    new UnreadableAnswer(head.status, what + redirect(head), head.requestId, cutOff);
  if (text === '') throw unreadable('an empty body');
  const root = rootName(text);
  if (root === undefined || root.toLowerCase() === 'html') throw unreadable(describe(text, head.contentType));
  if (!closes(text, root)) throw unreadable(`a <${root}> element that is cut off`, true);
  if (head.status >= 300) {
    if (!/<Code>\s*[^<\s]/.test(text)) throw unreadable(`a <${root}> element that names no error code`);
    return;
  }
  if (root !== `${head.action}Response`)
    throw unreadable(`a <${root}> element instead of <${head.action}Response>`);
  const other = otherApi[head.api];
  if (text.slice(0, 1000).includes(other.namespace)) throw unreadable(other.what);
  if (hasResult && !new RegExp(`<${head.action}Result[\\s/>]`).test(text)) {
    throw unreadable(`a <${root}> element without <${head.action}Result>`);
  }
}

const otherApi = {
  classic: {
    namespace: '/doc/2015-12-01/',
    what: 'an answer of the newer API (2015-12-01), which has no Classic Load Balancers',
  },
  network: {
    namespace: '/doc/2012-06-01/',
    what: 'an answer of the Classic API (2012-06-01), which has no Network Load Balancers',
  },
} as const satisfies Record<ApiKind, { readonly namespace: string; readonly what: string }>;

/** The request id in a body, for clones that send no header. */
export function requestIdIn(body: string): string | undefined {
  return /<RequestId>([^<]{1,200})<\/RequestId>/i.exec(body)?.[1];
}

function rootName(text: string): string | undefined {
  const prolog = /^(?:\uFEFF|\s|<\?[^]*?\?>|<!--[^]*?-->|<!doctype[^>]*>)*/i.exec(text)?.[0].length ?? 0;
  return /^<([A-Za-z_][\w.-]*)(?=[\s/>])/.exec(text.slice(prolog, prolog + 200))?.[1];
}

function closes(text: string, root: string): boolean {
  const end = text.slice(-500);
  return new RegExp(`(?:</${root.replaceAll('.', '\\.')}\\s*>|^<[^<>]*/>)(?:\\s|<!--[^]*?-->)*$`).test(end);
}

function describe(text: string, contentType = ''): string {
  if (/^\s*(?:<!doctype html|<html)/i.test(text) || contentType.includes('html')) {
    const title = /<title[^>]*>([^<]*)</i.exec(text.slice(0, 10_000))?.[1];
    return title ? `an HTML page ("${plainText(title, 80)}")` : 'an HTML page';
  }
  if (/^[[{]/.test(text)) return `JSON (${plainText(text, 120)})`;
  return `text (${plainText(text, 120)})`;
}

function redirect({ status, location }: AnswerHead): string {
  return status >= 300 && status < 400 && location ? `, a redirect to ${plainText(location, 120)}` : '';
}
