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

it('says the same of a peer however often it is asked, and however many peers were asked for between', () => {
  const isTrusted = trustedPeers(['10.0.0.0/25', '2001:db8::/64']);
  for (let round = 0; round < 2; round += 1) {
    for (let block = 0; block < 4; block += 1) {
      for (let host = 0; host < 256; host += 1)
        expect(isTrusted(`10.0.${block}.${host}`)).toBe(block === 0 && host < 128);
    }
    expect([isTrusted('2001:db8::1'), isTrusted('2001:db9::1'), isTrusted('::ffff:10.0.0.1')]).toEqual([
      true,
      false,
      true,
    ]);
  }
});
