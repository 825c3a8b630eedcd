import { expect, it } from 'vitest';
import { sameEndpoint } from '../../src/core/caller.js';

it.each([
  ['http://LocalHost:80', 'http://localhost/'],
  ['https://elb.example/v1//', 'https://ELB.example:443/v1'],
  ['https://elasticloadbalancing.us-east-1.amazonaws.com', undefined],
  ['https://elasticloadbalancing-fips.us-gov-west-1.amazonaws.com/', undefined],
  ['https://elasticloadbalancing.cn-north-1.amazonaws.com.cn', undefined],
  ['https://elasticloadbalancing.us-east-1.api.aws', undefined],
  [
    'https://vpce-0a1b-c2d3.elasticloadbalancing.us-east-1.vpce.amazonaws.com',
    'https://elasticloadbalancing.us-east-1.amazonaws.com',
  ],
  [undefined, undefined],
  ['nonsense', 'nonsense'],
])('%s and %s are one', (a, b) => {
  expect([sameEndpoint(a, b), sameEndpoint(b, a)]).toEqual([true, true]);
});

it.each([
  ['http://127.0.0.1:4580', 'http://127.0.0.1:4581'],
  ['http://127.0.0.1:4580', 'https://127.0.0.1:4580'],
  ['http://127.0.0.1:4580', undefined],
  ['https://elb.example/a', 'https://elb.example/A'],
  // Someone's own service on an address of AWS, or one that looks like it.
  ['https://a1b2.execute-api.us-east-1.amazonaws.com', undefined],
  ['https://elasticloadbalancing.amazonaws.com.example.org', undefined],
  ['https://myelasticloadbalancing.us-east-1.amazonaws.com', undefined],
  ['nonsense', undefined],
])('%s and %s are two', (a, b) => {
  expect([sameEndpoint(a, b), sameEndpoint(b, a)]).toEqual([false, false]);
});
