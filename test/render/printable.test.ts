import { describe, expect, test } from 'vitest';
import { ElbProxyError } from '../../src/errors.js';
import { renderError } from '../../src/render/error.js';
import { historyDocument } from '../../src/render/json/history.js';
import { policiesDocument } from '../../src/render/json/policies.js';
import { toJson } from '../../src/render/json/to-json.js';
import { makeStyle } from '../../src/render/make-style.js';
import { printable } from '../../src/render/printable.js';
import { renderEvent } from '../../src/render/text/event.js';
import { renderHistory } from '../../src/render/text/history.js';
import { renderPlan } from '../../src/render/text/plan.js';
import { renderPolicies } from '../../src/render/text/policies.js';
import { renderReport } from '../../src/render/text/report.js';
import { everyOutcome } from './fixtures/histories.js';
import { awkward, inspected, shop } from './fixtures/load-balancers.js';
import { enableFirst, enableMany } from './fixtures/plans.js';
import { reports } from './fixtures/reports.js';
import { renderStatus, statusDocument } from './fixtures/whole-status.js';

const hostile = '\u001b[31m\u009b2J\u0007\r\n\t\u007f\u202e\u200b\u2028\ud800';
const style = makeStyle({ width: 80, colourLevel: 0, unicode: true });

/** The same data with something hostile at the end of every string that no code looks at. */
function poisoned<T>(value: T, key = ''): T {
  if (typeof value === 'string') return (fixed.has(key) ? value : value + hostile) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => poisoned(item, key)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, poisoned<unknown>(item, name)]),
  ) as T;
}

/** Words that the code itself chooses; no text from outside. */
const fixed = new Set(['action', 'call', 'level', 'outcome', 'proxyProtocol', 'kind', 'why', 'direction']);

describe('what comes from outside', () => {
  test('is shown with its control and format characters as escapes', () => {
    expect(printable(`a${hostile}b`)).toBe(
      'a\\u001b[31m\\u009b2J\\u0007\\r\\n\\t\\u007f\\u202e\\u200b\\u2028\\ud800b',
    );
  });

  test('keeps every other character, also of other scripts', () => {
    expect(printable('Größe 日本 → 😀')).toBe('Größe 日本 → 😀');
  });

  test('is escaped in keys as well, and numbers stay numbers', () => {
    expect(printable({ 'a\n': [1, null, true, 'x\u0000'] })).toEqual({ 'a\\n': [1, null, true, 'x\\u0000'] });
  });

  const loadBalancer = poisoned({ name: 'a', region: 'b' });
  const step = poisoned({
    call: 'CreateLoadBalancerPolicy' as const,
    policyName: 'p',
    policyTypeName: 't',
    attributes: { 'x\u001b': 'y' },
  });
  const error = new ElbProxyError(`m${hostile}`, {
    code: `c${hostile}`,
    fault: 'service',
    hint: `h${hostile}`,
    requestId: `r${hostile}`,
  });
  const status = statusDocument(
    ['us-east-1'],
    [inspected(shop), inspected(awkward)],
    [{ region: 'r', code: 'c', message: 'm' }],
  );
  test.each([
    ['status', () => renderStatus(poisoned(status), style)],
    ['an empty status', () => renderStatus(poisoned({ ...status, loadBalancers: [] }), style)],
    ['policies', () => renderPolicies(poisoned(policiesDocument(awkward)), style)],
    ['a plan', () => renderPlan(poisoned(enableMany), style)],
    ['a plan to create', () => renderPlan(poisoned(enableFirst), style)],
    ['a report', () => renderReport(poisoned(reports.partial), style)],
    ['history', () => renderHistory(poisoned(historyDocument(everyOutcome)), style)],
    ['an error', () => renderError(error, style)],
    ['a defect', () => renderError(new TypeError(hostile), style)],
    ['an event', () => renderEvent({ code: 'warning', message: hostile }, style)],
    [
      'the event of a step',
      () => renderEvent({ code: 'step-started', loadBalancer, step, direction: 'forward' }, style),
    ],
  ])('never reaches the terminal raw in %s', (_, render) => {
    const text = render();
    expect(text).toContain('\\u202e');
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
  });

  test('cannot add a line to an event, nor an unindented one to an error', () => {
    expect(renderEvent({ code: 'warning', message: 'a\nb\r\nc' }, style)).toBe('warning: a\\nb\\r\\nc\n');
    const lines = renderError(error, style).trimEnd().split('\n');
    expect(lines.slice(1).every((line) => line.startsWith('  '))).toBe(true);
  });
});

describe('JSON', () => {
  const text = toJson({ b: `x${hostile}`, a: undefined, 'k\u009b': ['é😀'] });

  test('has no character that a terminal acts on, and is the same value to a parser', () => {
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(JSON.parse(text)).toEqual({ b: `x${hostile}`, 'k\u009b': ['é😀'] });
  });

  test('is set in by two spaces, keeps the order of keys, leaves out what is absent and ends in one newline', () => {
    expect(toJson({ z: 1, a: { b: [2] }, no: undefined })).toBe(
      '{\n  "z": 1,\n  "a": {\n    "b": [\n      2\n    ]\n  }\n}\n',
    );
  });
});
