import { describe, expect, it } from 'vitest';
import { enable } from '../../src/cli/commands/enable.js';
import type { Given } from '../../src/cli/define.js';
import { forcedOf, namesOf, policyNameOf, portNumber, portsOf, regionOf } from '../../src/cli/options.js';
import { parse } from '../../src/cli/parse.js';

const given = (...argv: readonly string[]): Given => parse(enable, argv);

describe('ports', () => {
  it('are numbers, all, or not given', () => {
    expect(portsOf(given('--port', '80,443', '--port', '65535'))).toEqual([80, 443, 65_535]);
    expect(portsOf(given('--all-ports'))).toBe('all');
    expect(portsOf(given())).toBeUndefined();
  });

  it.each(['0', '65536', '99999', '100000', '-1', 'abc', '8.0', '80x', '0x50', '1e3', '٣'])(
    'are not %s: the value is quoted, and the range said',
    (port) => {
      expect(() => portsOf(given('--port', port))).toThrow(
        `--port ${port}: a port is a number from 1 to 65535`,
      );
    },
  );

  it('with leading zeros are the number that they say', () => {
    expect(portNumber('--port', '00080')).toBe(80);
  });

  it('are not given one by one and all at once', () => {
    expect(() => portsOf(given('--all-ports', '--port', '80'))).toThrow(
      '--port and --all-ports are both given',
    );
  });
});

describe('names', () => {
  it('are each taken once, in their order', () => {
    expect(namesOf(given('web', 'zoo', 'web'))).toEqual(['web', 'zoo']);
  });

  it.each(['', ' '])('are not %j: an unset variable must not become "all"', (name) => {
    expect(() => namesOf(given('web', name))).toThrow('a load balancer name is empty');
  });
});

describe('--force', () => {
  it('takes every blocker by its code, in a list too', () => {
    expect(forcedOf(given('--force', 'http-listener,ssl-backend', '--force', 'http-health-check'))).toEqual([
      'http-listener',
      'ssl-backend',
      'http-health-check',
    ]);
    expect(forcedOf(given())).toEqual([]);
  });

  it.each(['shared-instance-port', 'long-connections', 'all', 'HTTP-LISTENER', 'toString'])(
    'takes no %s, which is no blocker, and lists those that are',
    (code) => {
      expect(() => forcedOf(given('--force', code))).toThrow(
        expect.objectContaining({
          message: `--force ${code}: there is no blocker of that code`,
          hint: 'blockers are http-listener, mixed-listeners, ssl-backend, http-health-check, backend-rejects-proxy, backend-requires-proxy',
        }) as Error,
      );
    },
  );
});

describe('--policy-name', () => {
  it('is what the service would take', () => {
    expect(policyNameOf(given('--policy-name', 'My-Policy-1'))).toBe('My-Policy-1');
    expect(policyNameOf(given())).toBeUndefined();
  });

  it.each(['a_b', 'a b', 'a.b', 'ä', 'a\u0000'])('is not %j', (name) => {
    expect(() => policyNameOf(given('--policy-name', name))).toThrow('letters, digits and dashes only');
  });
});

describe('--region', () => {
  it('is one, or the environment’s', () => {
    expect(regionOf(given('--region', 'eu-west-1'))).toBe('eu-west-1');
    expect(regionOf(given())).toBeUndefined();
  });

  it('given more than once is refused where one is meant', () => {
    for (const argv of [
      ['--region', 'a,b'],
      ['--region', 'a', '--region', 'b'],
    ]) {
      expect(() => regionOf(given(...argv))).toThrow('--region is given 2 times (a, b)');
    }
  });
});
