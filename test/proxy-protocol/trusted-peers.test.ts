import { expect, it } from 'vitest';
import { trustedPeers } from '../../src/proxy-protocol/trusted-peers.js';

it.each<[string[], string[], string[]]>([
  [
    ['10.0.0.0/8'],
    ['10.0.0.1', '10.255.255.255', '::ffff:10.1.2.3'],
    ['11.0.0.1', '::ffff:11.0.0.1', '::a00:1'],
  ],
  [['::ffff:10.0.0.0/104'], ['10.0.0.1', '::ffff:10.1.2.3'], ['11.0.0.1', '::1']],
  [
    ['fe80::/10', '::1'],
    ['fe80::1%eth0', '::1'],
    ['127.0.0.1', 'fec0::1%eth0'],
  ],
  [['0.0.0.0/0'], ['192.0.2.1'], ['::1', '2001:db8::1', '', 'nonsense']],
])('%j holds %j and not %j', (trusted, inside, outside) => {
  const isTrusted = trustedPeers(trusted);
  expect([...inside, ...outside].filter((address) => isTrusted(address))).toEqual(inside);
});
