import { describe, expect, test } from 'vitest';
import { jsonSchemas } from '../../src/render/json/schemas.js';
import { toJson } from '../../src/render/json/to-json.js';
import { captureParts } from '../../src/render/json/verify.js';
import {
  backendSchema,
  captureSchema,
  listenSchema,
  verifySchema,
} from '../../src/render/json/verify-schema.js';
import { makeStyle } from '../../src/render/make-style.js';
import { renderVerifyBackend } from '../../src/render/text/verify-backend.js';
import { renderCaptureClosing } from '../../src/render/text/verify-capture.js';
import { renderConnection, renderListenClosing } from '../../src/render/text/verify-listen.js';
import { describeEveryLook, type Look } from './every-look.js';
import { captured, connections, cutOff, heard, one, several } from './verify-fixtures.js';

const looks: Readonly<Record<string, Look>> = {
  'verify-backend': (style) => renderVerifyBackend(one, style),
  'verify-backends': (style) => renderVerifyBackend(several, style),
  'verify-backend-interrupted': (style) => renderVerifyBackend(cutOff, style),
  'verify-connections': (style) => connections.map((each) => renderConnection(each, style)).join('\n'),
  'verify-through': (style) => renderListenClosing(heard.through, style),
  'verify-through-nothing': (style) => renderListenClosing(heard.nothing, style),
  'verify-through-elsewhere': (style) => renderListenClosing(heard.elsewhere, style),
  'verify-listen-nothing': (style) => renderListenClosing(heard.timeout, style),
  'verify-listen-many': (style) => renderListenClosing(heard.many, style),
  'verify-capture-mixed': (style) => renderCaptureClosing(captured.mixed, style),
  'verify-capture-nothing': (style) => renderCaptureClosing(captured.nothing, style),
  'verify-capture-elsewhere': (style) => renderCaptureClosing(captured.elsewhere, style),
};

describeEveryLook(looks);

const plain = makeStyle({ width: 80, colourLevel: 0, unicode: true });

describe('backends of which the same is known', () => {
  const [result] = one.results;
  if (result === undefined) throw new Error('the fixture has a result');

  test('are grouped only if they saw the same address', () => {
    const other = { ...result, target: '10.0.0.6:8443', seenFrom: '10.9.9.9' };
    const text = renderVerifyBackend({ ...one, results: [result, other] }, plain);
    expect(text).toContain('as seen from 10.0.0.9');
    expect(text).toContain('as seen from 10.9.9.9');
  });

  test('have no heading over evidence if there is none', () => {
    const text = renderVerifyBackend({ ...one, results: [{ ...result, evidence: [] }] }, plain);
    expect(text).not.toContain('What was sent');
  });
});

describe('the JSON documents', () => {
  const documents = [
    ['one backend', backendSchema, one],
    ['several backends', backendSchema, several],
    ['an interrupted run', backendSchema, cutOff],
    ...Object.entries(heard).map(([name, document]) => [`listen ${name}`, listenSchema, document] as const),
    ...Object.entries(captured).map(
      ([name, document]) => [`capture ${name}`, captureSchema, document] as const,
    ),
  ] as const;

  test.each(documents)('%s is taken whole by its schema and by the published one', (_, schema, document) => {
    const printed = JSON.parse(toJson(document)) as object;
    expect(schema.parse(printed)).toEqual(printed);
    expect(verifySchema.parse(printed)).toEqual(printed);
    expect(schema.safeParse({ ...printed, formatVersion: 2 }).success).toBe(false);
    expect(verifySchema.safeParse({ ...printed, later: 1 }).success).toBe(true);
    for (const key of Object.keys(printed).filter((name) => name !== 'through')) {
      const { [key]: _left, ...rest } = printed as Record<string, unknown>;
      expect(schema.safeParse(rest).success, `without ${key}`).toBe(false);
    }
  });

  test('come in parts for captures, which joined are the same text', () => {
    for (const document of Object.values(captured)) {
      const { formatVersion: _, capture, ports, connections: reports, ...closing } = document;
      const parts = captureParts(capture, ports);
      const text = [parts.head, ...reports.map(parts.item), parts.end(closing)].join('');
      expect(text).toBe(toJson({ ...document, connections: reports, ...closing }));
    }
  });

  test('hold no byte that a terminal would act on', () => {
    for (const [, , document] of documents) expect(toJson(document)).toMatch(/^[\n -~’]*$/);
  });

  test('refuse unknown words', () => {
    const [result] = several.results;
    expect(backendSchema.safeParse({ ...one, results: [{ ...result, verdict: 'yes' }] }).success).toBe(false);
    const wrong = { ...heard.many, connections: [{ ...connections[0], verdict: 'proxy-v3' }] };
    expect(listenSchema.safeParse(wrong).success).toBe(false);
  });

  test('have one JSON Schema', () => {
    expect(jsonSchemas().verify).toMatchObject({
      title: 'elb-proxy verify',
      required: ['formatVersion'],
      properties: { results: { type: 'array' }, connections: { type: 'array' } },
    });
  });
});
