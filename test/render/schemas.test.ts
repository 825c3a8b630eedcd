import { describe, expect, test } from 'vitest';
import { usageError } from '../../src/errors.js';
import { errorReport } from '../../src/render/error.js';
import { changeDocument } from '../../src/render/json/change.js';
import { historyDocument } from '../../src/render/json/history.js';
import { changeSchema, historySchema } from '../../src/render/json/history-schema.js';
import { policiesDocument } from '../../src/render/json/policies.js';
import { policiesSchema } from '../../src/render/json/policies-schema.js';
import { errorSchema, reportSchema } from '../../src/render/json/report-schema.js';
import { jsonSchemas } from '../../src/render/json/schemas.js';
import { statusSchema } from '../../src/render/json/status-schema.js';
import { toJson } from '../../src/render/json/to-json.js';
import { cutShort, everyOutcome, takenBack } from './fixtures/histories.js';
import { awkward, bare, inspected, shop, sparse } from './fixtures/load-balancers.js';
import { edge, hazy, inspectedNetwork, lone } from './fixtures/network-load-balancers.js';
import { reports } from './fixtures/reports.js';
import { classicIn, statusDocument } from './fixtures/whole-status.js';

const noNetwork = { region: 'us-east-1', kind: 'network', code: 'AccessDenied', message: 'no' } as const;
const bothKinds = [
  inspected(shop),
  inspectedNetwork(edge),
  inspectedNetwork(hazy, false),
  inspectedNetwork(lone),
];
const status = statusDocument(
  ['us-east-1'],
  [inspected(shop), inspected(awkward), inspected(sparse, false), inspected(bare)],
  [{ region: 'eu-west-1', code: 'AccessDenied', message: 'no' }],
);

const documents = [
  ['status', statusSchema, status],
  ['a status of both kinds', statusSchema, statusDocument(['us-east-1'], bothKinds, [noNetwork])],
  ['an empty status', statusSchema, statusDocument([], [], [])],
  ['policies', policiesSchema, policiesDocument(awkward)],
  ...Object.entries(reports).map(([name, report]) => [`report ${name}`, reportSchema, report] as const),
  ['history', historySchema, historyDocument(everyOutcome)],
  ['a change', changeSchema, changeDocument(takenBack, ['w'])],
  ['a change that was cut off', changeSchema, changeDocument(cutShort, [])],
  ['error', errorSchema, errorReport(usageError('bad', 'do'))],
] as const;

/** Every regular expression in a JSON Schema. */
function patternsIn(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) =>
    key === 'pattern' && typeof value === 'string' ? [value] : patternsIn(value),
  );
}

/** The keys that a JSON Schema has without a word about what they mean. */
function undescribedIn(schema: unknown, at = ''): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const properties: unknown = Reflect.get(schema, 'properties');
  const keys = typeof properties === 'object' && properties !== null ? Object.entries(properties) : [];
  return [
    ...keys.flatMap(([key, value]) => [
      ...(typeof value.description === 'string' && value.description !== '' ? [] : [`${at}.${key}`]),
      ...undescribedIn(value, `${at}.${key}`),
    ]),
    ...Object.entries(schema).flatMap(([key, value]) =>
      key === 'properties' ? [] : undescribedIn(value, at),
    ),
  ];
}

/** A document as a consumer gets it. */
function printed(document: object): Record<string, unknown> {
  return JSON.parse(toJson(document)) as Record<string, unknown>;
}

/** Whether a report is taken that differs from a good one in some keys. */
function reportWith(keys: object): boolean {
  return reportSchema.safeParse({ ...printed(reports.applied), ...keys }).success;
}

describe('the schemas', () => {
  test.each(documents)('take %s as it is printed, and lose nothing of it', (_, schema, document) => {
    expect(schema.parse(printed(document))).toEqual(printed(document));
  });

  test.each(documents)('refuse %s of another version, or without one of its keys', (_, schema, document) => {
    const whole = printed(document);
    expect(schema.safeParse({ ...whole, formatVersion: 2 }).success).toBe(false);
    const optional = new Set(['reason', 'error', 'guard']);
    for (const key of Object.keys(whole)) {
      if (optional.has(key) && schema === reportSchema) continue;
      const { [key]: _left, ...rest } = whole;
      expect(schema.safeParse(rest).success, `without ${key}`).toBe(false);
    }
  });

  test('take keys that a later minor release adds', () => {
    for (const [, schema, document] of documents)
      expect(schema.safeParse({ ...printed(document), later: 1 }).success).toBe(true);
  });

  test('refuse wrong words, ports and steps', () => {
    expect(reportWith({})).toBe(true);
    expect(reportWith({ outcome: 'success' })).toBe(false);
    expect(reportWith({ changeId: 7 })).toBe(false);
    expect(reportWith({ leftovers: [{ message: 'x' }] })).toBe(false);
    const [change] = reports.applied.changes;
    expect(
      reportWith({ changes: [{ ...change, steps: [{ ...change?.steps[0], call: 'DeleteLoadBalancer' }] }] }),
    ).toBe(false);
    expect(
      reportWith({ changes: [{ ...change, steps: [{ ...change?.steps[0], outcome: 'perhaps' }] }] }),
    ).toBe(false);
    const [loadBalancer] = classicIn(status);
    const port = { ...loadBalancer?.instancePorts[0], instancePort: 70_000 };
    expect(
      statusSchema.safeParse({ ...status, loadBalancers: [{ ...loadBalancer, instancePorts: [port] }] })
        .success,
    ).toBe(false);
    expect(errorSchema.safeParse({ formatVersion: 1, error: { message: 'no code' } }).success).toBe(false);
  });
});

describe('the JSON Schemas', () => {
  const schemas = jsonSchemas();

  test('name themselves, describe themselves and stay open to new keys, but for the plan, which is input', () => {
    expect(Object.keys(schemas)).toEqual([
      'status',
      'policies',
      'plan',
      'report',
      'history',
      'change',
      'verify',
      'error',
      'unlock',
      'local',
      'demo',
      'haproxy-config',
      'completion',
      'help',
      'version',
    ]);
    for (const [name, schema] of Object.entries(schemas)) {
      expect(schema).toMatchObject({
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        $id: `urn:elb-proxy:schema:${name}:1`,
        title: `elb-proxy ${name}`,
        description: expect.any(String) as string,
        type: 'object',
      });
      expect(JSON.stringify(schema).includes('"additionalProperties":false')).toBe(name === 'plan');
    }
  });

  test.each(Object.entries(schemas))('say what each key of %s means', (name, schema) => {
    expect(undescribedIn(schema, name)).toEqual([]);
  });

  test('hold only regular expressions that validators of other languages take, and read alike', () => {
    const patterns = patternsIn(schemas);
    expect(patterns.length).toBeGreaterThan(10);
    for (const pattern of patterns) {
      // Properties of Unicode, looking behind and named groups: Python, Go or a validator without the u flag differ.
      expect(pattern).not.toMatch(/\\[pP]\{|\(\?<|\\[kZAz]/);
      expect(() => new RegExp(pattern)).not.toThrow();
    }
  });

  test('require of the status what the contract promises, and no more', () => {
    expect(schemas.status).toMatchObject({
      required: ['formatVersion', 'regions', 'loadBalancers', 'errors'],
      properties: {
        formatVersion: { const: 1 },
        loadBalancers: {
          items: {
            oneOf: [
              { required: ['kind', 'name', 'region', 'listeners', 'instancePorts', 'hazards'] },
              { required: ['name', 'region', 'kind', 'arn', 'targetGroups', 'hazards'] },
            ],
          },
        },
      },
    });
  });
});
