import { expect, it } from 'vitest';
import { sourceAddresses } from '../../src/local/data-plane/source-address.js';

it('connections leave from the load balancer, but not to an instance elsewhere, and not all of them under load', () => {
  const sourceAddress = sourceAddresses();
  expect(sourceAddress('127.0.1.1', '127.0.0.1')).toBe('127.0.1.1');
  expect(sourceAddress('127.0.1.1', '10.0.0.5')).toBeUndefined();
  expect(sourceAddress('127.0.0.1', '127.0.0.1')).toBeUndefined();
  const many = Array.from({ length: 6000 }, () => sourceAddress('127.0.1.1', '127.0.0.1'));
  expect(many.slice(0, 4000)).not.toContain(undefined);
  expect(many.at(-1)).toBeUndefined();
});
