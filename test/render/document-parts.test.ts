import { describe, expect, it } from 'vitest';
import { documentParts } from '../../src/render/json/document-parts.js';
import { loadBalancerStatus } from '../../src/render/json/status.js';
import { toJson } from '../../src/render/json/to-json.js';
import { web } from '../core/builders.js';
import { statusDocument } from './fixtures/whole-status.js';

const hostile = web({ name: 'we\u001b[31m\n  "b', backendServers: [] });
const denied = { region: 'eu-west-1', code: 'AccessDenied', message: 'line\nbreak "quoted"\u202e' };

describe('a status document in parts', () => {
  it.each([
    ['nothing at all', [], [], []],
    ['no load balancer', ['us-east-1'], [], [denied]],
    ['one', ['us-east-1'], [web()], []],
    [
      'several, with failures',
      ['us-east-1', 'eu-west-1'],
      [web(), hostile, web({ name: 'c' })],
      [denied, denied],
    ],
  ])('is, joined, what it is as a whole: %s', (_what, regions, loadBalancers, errors) => {
    const inspected = loadBalancers.map((loadBalancer) => ({ loadBalancer, hazards: [] }));
    const parts = documentParts({ formatVersion: 1, regions }, 'loadBalancers');
    const joined = [
      parts.head,
      ...inspected.map((one) => parts.item(loadBalancerStatus(one))),
      parts.end({ errors }),
    ].join('');
    expect(joined).toBe(toJson(statusDocument(regions, inspected, errors)));
  });
});
