import { isIP, type LookupFunction } from 'node:net';

/** Leads a name to one of its addresses, so that the name still goes into the request and the handshake. */
export function pinnedLookup(address: string): LookupFunction {
  const family = isIP(address);
  return (_name, { all }, done) => {
    if (all === true) done(null, [{ address, family }]);
    else done(null, address, family);
  };
}
