import { codeSpan } from './code-span.js';
import { prose } from './prose.js';

/** A hint: a sentence, a command, or a sentence that ends in one behind a colon; the command in one piece. */
export function hintWords(hint: string): string {
  const [, sentence = '', command] = /^(|.*?: )((?:elb-proxy|aws) .*)$/s.exec(hint) ?? [];
  return command === undefined ? prose(hint) : `${prose(sentence)} ${codeSpan(command)}`.trimStart();
}
