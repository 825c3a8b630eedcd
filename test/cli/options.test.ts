import { describe, expect, it } from 'vitest';
import { enable, policyNameOf } from '../../src/cli/commands/enable.js';
import { forcedOf, namesOf, portsOf, regionOf } from '../../src/cli/options.js';
import { parse } from '../../src/cli/parse.js';
import { boundedTime, milliseconds, portNumber, wholeNumber } from '../../src/cli/quantities.js';

const given = (...argv: readonly string[]) => parse(enable, argv);
const options = (...argv: readonly string[]) => given(...argv).options;

describe('an option', () => {
  it('does not compile if the command does not declare it', () => {
    const { 'no-rollback': declared } = options('--no-rollback');
    expect(declared).toBe(true);
    // @ts-expect-error a misspelt name
    expect(options()['no-rolback']).toBeUndefined();
  });
});

describe('ports', () => {
  it('are numbers, all, or not given', () => {
    expect(portsOf(options('--port', '80,443', '--port', '65535'))).toEqual([80, 443, 65_535]);
    expect(portsOf(options('--all-ports'))).toBe('all');
    expect(portsOf(options())).toBeUndefined();
  });

  it.each(['0', '65536', '99999', '100000', '-1', 'abc', '8.0', '80x', '0x50', '1e3', '٣'])(
    'are not %s: the value is quoted, and the range said',
    (port) => {
      expect(() => portsOf(options('--port', port))).toThrow(
        `--port ${port}: a port is a number from 1 to 65535`,
      );
    },
  );

  it('may have leading zeros', () => {
    expect(portNumber('--port', '00080')).toBe(80);
  });

  it('are not given one by one and all at once', () => {
    expect(() => portsOf(options('--all-ports', '--port', '80'))).toThrow(
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
    expect(forcedOf(options('--force', 'http-listener,ssl-backend', '--force', 'http-health-check'))).toEqual(
      ['http-listener', 'ssl-backend', 'http-health-check'],
    );
    expect(forcedOf(options())).toEqual([]);
  });

  it.each(['shared-instance-port', 'long-connections', 'all', 'HTTP-LISTENER', 'toString'])(
    'rejects %s, which is not a blocker, and lists the blockers',
    (code) => {
      expect(() => forcedOf(options('--force', code))).toThrow(
        expect.objectContaining({
          message: `--force ${code}: not the code of a blocker`,
          hint: 'blockers are http-listener, mixed-listeners, ssl-backend, http-health-check, backend-rejects-proxy, backend-requires-proxy, target-group-unsupported, plain-health-port, health-check-order',
        }) as Error,
      );
    },
  );
});

describe('--policy-name', () => {
  it('is what the service would take', () => {
    expect(policyNameOf('My-Policy-1')).toBe('My-Policy-1');
    expect(policyNameOf(undefined)).toBeUndefined();
  });

  it.each(['a_b', 'a b', 'a.b', 'ä', 'a\u0000'])('is not %j', (name) => {
    expect(() => policyNameOf(name)).toThrow('letters, digits and dashes only');
  });
});

describe('--region', () => {
  it("is one, or the environment's", () => {
    expect(regionOf(options('--region', 'eu-west-1'))).toBe('eu-west-1');
    expect(regionOf(options())).toBeUndefined();
  });

  it('is refused if it is given more than once where one is meant', () => {
    for (const argv of [
      ['--region', 'a,b'],
      ['--region', 'a', '--region', 'b'],
    ]) {
      expect(() => regionOf(options(...argv))).toThrow('--region is given 2 times (a, b)');
    }
  });
});

describe('a time', () => {
  it.each([
    ['30s', 30_000],
    ['500ms', 500],
    ['1.5s', 1500],
    ['0.5s', 500],
    ['0.5', 500],
    ['2m', 120_000],
    ['7', 7000],
    ['0', 0],
  ])('is written %s, with a unit or in seconds', (text, ms) => {
    expect(milliseconds('--guard-hold', text)).toBe(ms);
  });

  it.each(['', 's', '1h', '1 s', '-1', '1e3', '.5', '5.', '٣s', '1.5.0s'])(
    'is not %j: the value is quoted, with ways to write one',
    (text) => {
      expect(() => milliseconds('--guard-hold', text)).toThrow(
        `--guard-hold ${text}: a time is given as 30s, 500ms, 1.5s, 2m, or a number of seconds`,
      );
    },
  );

  it('is read by the same grammar where it has bounds', () => {
    expect(boundedTime('--timeout', '0.5', 120)).toBe(500);
    expect(boundedTime('--timeout', undefined, 120)).toBeUndefined();
    for (const text of ['0', '0ms', '121', '3m'])
      expect(() => boundedTime('--timeout', text, 120)).toThrow(
        `--timeout ${text}: give a time above 0 and at most 120s`,
      );
    expect(() => boundedTime('--timeout', '1h', 120)).toThrow(
      'a time is given as 30s, 500ms, 1.5s, 2m, or a number of seconds',
    );
  });
});

describe('a whole number', () => {
  it('is in its range, both ends included', () => {
    for (const number of [1, 7, 1024])
      expect(wholeNumber('--concurrency', String(number), { least: 1, most: 1024 })).toBe(number);
    for (const text of ['0', '1025', '-1', '1.0', '1e3', '0x10', 'many'])
      expect(() => wholeNumber('--concurrency', text, { least: 1, most: 1024 })).toThrow(
        `--concurrency ${text}: give a whole number from 1 to 1024`,
      );
  });
});
