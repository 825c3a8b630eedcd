import type { ElbProxyError } from '../../errors.js';
import { plainText } from '../plain-text.js';
import { invalidSetting } from './failures.js';

/** A value of a shared file, and where it was written. */
export interface Entry {
  /** Nested where the lines below the key are `name = value` pairs. */
  readonly value: string | ReadonlyMap<string, string>;
  readonly file: string;
  readonly line: number;
}

export type Section = ReadonlyMap<string, Entry>;

/** Sections by what is written between the brackets. */
export type Ini = ReadonlyMap<string, Section>;

/** What Python's `str.strip` takes off; `String.trim` has another set. */
const blank = '[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const blanksAround = new RegExp(`^${blank}+|${blank}+$`, 'g');
const blanksBehind = new RegExp(`${blank}+$`);
const blanksBefore = new RegExp(`^${blank}*`);

interface Pending {
  readonly lines: string[];
  readonly line: number;
}

/**
 * Parses a shared file as the AWS CLI does, with Python's RawConfigParser: any letter case of keys, `=` or `:`, values
 * that go on in deeper lines, a `[DEFAULT]` that holds for every section, text behind a header. What is there twice is
 * an error, and so is a line that begins with `[` without being a header: its keys would land in the section above.
 * @throws ElbProxyError `invalid-setting`, with the line
 */
export function parseIni(text: string, file: string): Ini {
  const sections = new Map<string, Map<string, Pending>>();
  const defaults = new Map<string, Pending>();
  let section: Map<string, Pending> | undefined;
  let name = '';
  let value: Pending | undefined;
  let indent = 0;
  text.split(/\r\n|\r|\n/).forEach((written, index) => {
    const line = index + 1;
    const content = written.replaceAll(blanksAround, '');
    const fail = (what: string, hint: string): never => {
      throw malformed(file, line, what, hint);
    };
    if (/^[#;]/.test(content)) return;
    if (content === '') {
      value?.lines.push('');
      return;
    }
    const depth = blanksBefore.exec(written)?.[0].length ?? 0;
    if (value !== undefined && depth > indent) {
      if (content.startsWith('['))
        fail(
          'begins with "[" and is indented, so it would be read as part of the value above it',
          'remove the blanks before it',
        );
      value.lines.push(content);
      return;
    }
    indent = depth;
    const header = /^\[(?<header>[^\n]+)\]/.exec(content)?.groups?.['header'];
    if (header !== undefined) {
      name = header;
      if (sections.has(name))
        fail(`is a second [${name}], which the AWS CLI refuses`, 'write all its keys into one section');
      section = name === 'DEFAULT' ? defaults : new Map();
      if (name !== 'DEFAULT') sections.set(name, section);
      value = undefined;
      return;
    }
    if (content.startsWith('['))
      fail('begins with "[" and is not a section header', 'write it as [profile NAME] or [default]');
    if (section === undefined) return fail('comes before the first section', 'begin the file with [default]');
    const at = content.search(/[=:]/);
    if (at < 1)
      fail('is not a key with a value', 'write it as key = value, or begin it with # if it is a comment');
    const key = content.slice(0, at).replace(blanksBehind, '').toLowerCase();
    if (section.has(key))
      fail(`has a second ${key} of [${name}], which the AWS CLI refuses`, 'remove one of the two');
    value = { lines: [content.slice(at + 1).replaceAll(blanksAround, '')], line };
    section.set(key, value);
  });
  return new Map(
    [...sections].map(([title, keys]) => [
      title,
      new Map(
        [...keys, ...[...defaults].filter(([key]) => !keys.has(key))].map(([key, { lines, line }]) => [
          key,
          { value: valueOf(lines, file, line), file, line },
        ]),
      ),
    ]),
  );
}

function valueOf(lines: readonly string[], file: string, line: number): Entry['value'] {
  const text = lines.join('\n').replace(blanksBehind, '');
  if (!text.startsWith('\n')) return text;
  const nested = new Map<string, string>();
  text.split('\n').forEach((pair, index) => {
    if (pair === '') return;
    const at = pair.indexOf('=');
    if (at < 0)
      throw malformed(file, line + index, 'is below a key and is not a pair', 'write it as name = value');
    nested.set(
      pair.slice(0, at).replaceAll(blanksAround, ''),
      pair.slice(at + 1).replaceAll(blanksAround, ''),
    );
  });
  return nested;
}

/** An error about a line of a shared file; what the line says is not shown, as it may be a secret. */
function malformed(file: string, line: number, what: string, hint: string): ElbProxyError {
  return invalidSetting(`${file}, line ${line}, ${plainText(what)}`, hint);
}
