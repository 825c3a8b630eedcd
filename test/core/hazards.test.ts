import { describe, expect, it } from 'vitest';
import { type Hazard, type HazardQuestion, hazardLevels, hazards } from '../../src/core/hazards.js';
import type { Listener, LoadBalancer } from '../../src/core/model.js';
import { hazardSchema } from '../../src/core/plan-schema.js';
import { instancePorts } from '../../src/core/status.js';
import { fc } from '../helpers/fast-check.js';
import { loadBalancerArbitrary } from './arbitraries.js';
import { auth, listener, lists, proxy, web } from './builders.js';

const asked = (
  purpose: HazardQuestion['purpose'],
  ports: readonly number[] = [8443],
  known = true,
): HazardQuestion => ({ purpose, instancePorts: ports, asked: known });

const found = (loadBalancer: LoadBalancer, question = asked('status')) => hazards(loadBalancer, question);
const codes = (loadBalancer: LoadBalancer, question = asked('status')) =>
  found(loadBalancer, question).map(({ code }) => code);
const only = (loadBalancer: LoadBalancer, code: Hazard['code'], question = asked('status')): Hazard => {
  const matching = found(loadBalancer, question).filter((hazard) => hazard.code === code);
  expect(matching).toHaveLength(1);
  return matching[0] as Hazard;
};
const withListeners = (...listeners: readonly Listener[]) => web({ listeners });

describe('a load balancer that has nothing of the kind', () => {
  it('has no hazard', () => {
    expect(found(web())).toEqual([]);
  });

  it('only warns of open connections when the PROXY line is about to be switched on or off', () => {
    for (const purpose of ['on', 'off'] as const) {
      expect(codes(web(), asked(purpose))).toEqual(['long-connections']);
    }
    expect(only(web(), 'long-connections', asked('on'))).toMatchObject({
      level: 'note',
      message: expect.stringContaining('keep their state'),
    });
  });
});

describe('listeners', () => {
  it.each([
    [['HTTP'], 'http-listener', /HTTP 80.*X-Forwarded-For/],
    [['HTTPS'], 'http-listener', /HTTPS 80.*X-Forwarded-For/],
    [['HTTP', 'HTTPS'], 'http-listener', /HTTP 80, HTTPS 81/],
    [['TCP', 'HTTP'], 'mixed-listeners', /TCP 80, HTTP 81.*TCP and SSL/],
    [['SSL', 'HTTPS', 'TCP'], 'mixed-listeners', /SSL 80, HTTPS 81, TCP 82/],
  ] as const)(
    '%j in front of one instance port are the blocker %s, and named',
    (protocols, code, message) => {
      const loadBalancer = withListeners(
        ...protocols.map((protocol, index) =>
          listener({ protocol, instanceProtocol: 'TCP', loadBalancerPort: 80 + index }),
        ),
      );
      const hazard = only(loadBalancer, code);
      expect(hazard).toMatchObject({ level: 'blocker', instancePort: 8443 });
      expect(hazard.message).toMatch(message);
      const other = code === 'http-listener' ? 'mixed-listeners' : 'http-listener';
      expect(codes(loadBalancer)).not.toContain(other);
    },
  );

  it('listeners of TCP and SSL alone are neither', () => {
    const loadBalancer = withListeners(
      listener({ protocol: 'SSL', instanceProtocol: 'TCP' }),
      listener({ loadBalancerPort: 444 }),
    );
    expect(codes(loadBalancer)).toEqual(['shared-instance-port']);
  });

  it('listeners in front of another instance port do not matter', () => {
    const loadBalancer = withListeners(listener(), listener({ protocol: 'HTTP', instancePort: 80 }));
    expect(codes(loadBalancer)).toEqual([]);
    expect(codes(loadBalancer, asked('status', [80]))).toEqual(['http-listener']);
  });

  it.each([
    ['SSL', 'SSL', true],
    ['TCP', 'SSL', true],
    ['SSL', 'TCP', false],
    ['TCP', 'TCP', false],
    // What an HTTPS listener sends is never a PROXY line: another hazard says so.
    ['HTTPS', 'SSL', false],
    ['HTTPS', 'HTTPS', false],
  ])(
    'a listener %s that speaks %s to the instance: ssl-backend %s',
    (protocol, instanceProtocol, expected) => {
      const loadBalancer = withListeners(listener({ protocol, instanceProtocol }));
      expect(codes(loadBalancer).includes('ssl-backend')).toBe(expected);
      if (expected) expect(only(loadBalancer, 'ssl-backend').level).toBe('blocker');
    },
  );

  it('that share an instance port all change at once: a warning that counts and names them', () => {
    const shared = withListeners(listener(), listener({ loadBalancerPort: 8080 }));
    expect(only(shared, 'shared-instance-port')).toMatchObject({
      level: 'warning',
      instancePort: 8443,
      message: expect.stringMatching(/2 listeners.*TCP 443, TCP 8080/),
    });
    expect(codes(withListeners(listener(), listener({ loadBalancerPort: 8080, instancePort: 81 })))).toEqual(
      [],
    );
  });
});

describe('the health check', () => {
  it.each([
    ['HTTP:8443/health', 'http-health-check', 'blocker'],
    ['HTTPS:8443/', 'http-health-check', 'blocker'],
    ['http:8443/health', 'http-health-check', 'blocker'],
    ['SSL:8443', 'ssl-health-check', 'warning'],
    ['TCP:8443', 'tcp-health-check', 'note'],
    ['tcp:8443', 'tcp-health-check', 'note'],
  ] as const)('%s on the port is %s, a %s that quotes it', (target, code, level) => {
    const loadBalancer = web({ healthCheck: { target } });
    expect(codes(loadBalancer)).toEqual([code]);
    expect(only(loadBalancer, code)).toMatchObject({
      level,
      instancePort: 8443,
      message: expect.stringContaining(target),
    });
  });

  it.each(['HTTP:84430/health', 'HTTP:843/8443', 'HTTPS:443/', 'SSL:84', 'TCP:18443'])(
    '%s concerns another port',
    (target) => {
      expect(codes(web({ healthCheck: { target } }))).toEqual([]);
    },
  );

  it('that the service left out is not known, and that is said once for all ports', () => {
    const loadBalancer = web({ healthCheck: undefined });
    const hazard = only(loadBalancer, 'unknown-health-check', asked('on', [8443, 9443]));
    expect(hazard.level).toBe('warning');
    expect(hazard).not.toHaveProperty('instancePort');
    expect(codes(loadBalancer)).not.toContain('tcp-health-check');
  });
});

describe('the policies of a port', () => {
  const policies = [proxy('p'), proxy('q', 'TRUE'), proxy('off', 'False'), auth('a')];

  it('the policies of a port without a listener are a stale port: a note', () => {
    const stale = web({ policies, backendServers: lists({ 9000: ['a'] }) });
    expect(only(stale, 'stale-port', asked('status', [9000]))).toMatchObject({
      level: 'note',
      instancePort: 9000,
    });
    expect(codes(web({ policies, backendServers: lists({ 8443: ['a'] }) }))).toEqual([]);
  });

  it('the policies of a port of which more than one is a PROXY policy are named in a note', () => {
    const several = web({ policies, backendServers: lists({ 8443: ['p', 'a', 'q'] }) });
    expect(only(several, 'several-proxy-policies')).toMatchObject({
      level: 'note',
      message: expect.stringContaining('p, q'),
    });
    for (const list of [['p', 'a'], ['p', 'off'], ['off']]) {
      expect(codes(web({ policies, backendServers: lists({ 8443: list }) }))).not.toContain(
        'several-proxy-policies',
      );
    }
  });

  it('the policies of a port of which one says false are named in a note, beside a true one or alone', () => {
    for (const list of [['off'], ['p', 'off']]) {
      const loadBalancer = web({ policies, backendServers: lists({ 8443: list }) });
      expect(only(loadBalancer, 'contradicting-policy')).toMatchObject({
        level: 'note',
        message: expect.stringMatching(/: off$/),
      });
    }
    expect(codes(web({ policies, backendServers: lists({ 8443: ['p', 'a'] }) }))).toEqual([]);
  });
});

describe('another manager', () => {
  it('is a warning with the evidence, and the advice says where to make the change', () => {
    const loadBalancer = web({ tags: [{ key: 'aws:cloudformation:stack-name', value: 'prod' }] });
    expect(only(loadBalancer, 'managed-elsewhere')).toMatchObject({
      level: 'warning',
      message: expect.stringMatching(/CloudFormation.*tag aws:cloudformation:stack-name/),
      advice: expect.stringContaining('in the stack'),
    });
  });

  it('is said once for an environment of Elastic Beanstalk, whose stack has tags of its own', () => {
    const loadBalancer = web({
      tags: [
        { key: 'elasticbeanstalk:environment-name', value: 'prod' },
        { key: 'aws:cloudformation:stack-name', value: 'prod' },
      ],
    });
    // The stack is that of the environment: one piece of advice.
    expect(codes(loadBalancer)).toEqual(['managed-elsewhere']);
    expect(only(loadBalancer, 'managed-elsewhere').advice).toContain('.ebextensions');
  });

  it('is not known where tags were asked for and did not come; what a policy name gives away is still said', () => {
    expect(only(web({ tags: undefined }), 'unknown-tags').level).toBe('note');
    expect(codes(web({ tags: undefined, policies: [proxy('k8s-proxyprotocol-enabled')] }))).toEqual([
      'managed-elsewhere',
      'unknown-tags',
    ]);
  });

  it.each([
    [undefined, 'allow elasticloadbalancing:DescribeTags'],
    ['AccessDenied', 'allow elasticloadbalancing:DescribeTags'],
    ['Throttling', 'it failed with Throttling, which is not a missing permission'],
    ['InvalidAction', 'it failed with InvalidAction, which is not a missing permission'],
  ])('is not known after %s, and the advice fits that', (code, advice) => {
    const notRead = { tags: code, instanceStates: code };
    const unread = web({ tags: undefined, instanceStates: undefined, notRead });
    expect(only(unread, 'unknown-tags').advice).toContain(advice);
    expect(only(unread, 'unknown-instance-health').advice).toContain(
      advice.replace('DescribeTags', 'DescribeInstanceHealth'),
    );
  });

  it('is not a question where tags were not asked for', () => {
    expect(codes(web({ tags: undefined }), asked('status', [8443], false))).toEqual([]);
  });
});

describe('a number that is an instance port and a listener’s', () => {
  const both = withListeners(
    listener({ protocol: 'TCP', loadBalancerPort: 443, instancePort: 8443 }),
    listener({ protocol: 'TCP', loadBalancerPort: 8443, instancePort: 9000 }),
  );

  it('gets a note on a change, which says where that listener forwards to', () => {
    for (const purpose of ['on', 'off'] as const)
      expect(only(both, 'also-a-listener', asked(purpose))).toMatchObject({
        level: 'note',
        instancePort: 8443,
        message: '8443 is also a listener of this load balancer; it forwards to 9000',
        advice: expect.stringContaining('--port 9000'),
      });
  });

  it('gets none where both ports are changed, where the listener forwards to itself, or where nothing is', () => {
    const itself = withListeners(listener({ loadBalancerPort: 8443, instancePort: 8443 }));
    for (const [loadBalancer, question] of [
      [both, asked('on', [8443, 9000])],
      [both, asked('on', [9000])],
      [both, asked('status', [8443])],
      [itself, asked('on')],
    ] as const)
      expect(codes(loadBalancer, question)).not.toContain('also-a-listener');
  });
});

describe('instances', () => {
  const states = (...given: readonly string[]) =>
    web({ instanceStates: given.map((state, index) => ({ instanceId: `i-${index}`, state })) });

  it.each([
    [states(), 'no instance is registered'],
    [states('OutOfService'), 'the one instance is not InService'],
    [states('OutOfService', 'Unknown'), 'none of the 2 instances is InService'],
  ])(
    'instances of which none is InService: a warning that says how many there are',
    (loadBalancer, message) => {
      expect(only(loadBalancer, 'no-healthy-instance')).toMatchObject({
        level: 'warning',
        message: expect.stringContaining(message),
      });
    },
  );

  it('instances of which one is InService are not a hazard', () => {
    expect(codes(states('OutOfService', 'InService'))).toEqual([]);
  });

  it('whose health did not come are not known, and not taken for unhealthy', () => {
    const unknown = web({ instanceStates: undefined });
    expect(codes(unknown)).toEqual(['unknown-instance-health']);
    expect(only(unknown, 'unknown-instance-health').level).toBe('note');
    expect(codes(unknown, asked('status', [8443], false))).toEqual([]);
  });
});

describe('what the hazards are wanted for', () => {
  const everything = web({
    listeners: [
      listener({ protocol: 'TCP', instanceProtocol: 'SSL' }),
      listener({ protocol: 'HTTP', loadBalancerPort: 80 }),
      listener({ protocol: 'HTTP', loadBalancerPort: 81, instancePort: 81 }),
    ],
    healthCheck: { target: 'HTTP:8443/' },
    policies: [proxy('p'), proxy('q'), proxy('off', 'false')],
    backendServers: lists({ 8443: ['p', 'q', 'off'], 9000: ['p'] }),
    tags: [{ key: 'terraform', value: 'true' }],
    instanceStates: [],
  });
  const all = asked('on', [8443, 81, 9000]);

  it('switching off leaves out what only affects a port that sends the line, and keeps the rest', () => {
    const on = codes(everything, all);
    const off = codes(everything, { ...all, purpose: 'off' });
    expect(on.filter((code) => !off.includes(code)).toSorted()).toEqual([
      'http-health-check',
      'http-listener',
      'mixed-listeners',
      'ssl-backend',
    ]);
    expect(found(everything, { ...all, purpose: 'off' }).some(({ level }) => level === 'blocker')).toBe(
      false,
    );
  });

  it('switching off leaves out the SSL and the unknown health check too', () => {
    for (const target of ['SSL:8443', undefined]) {
      const loadBalancer = web({ healthCheck: target === undefined ? undefined : { target } });
      expect(codes(loadBalancer, asked('off'))).toEqual(['long-connections']);
    }
  });

  it('status shows the hazards of enable, but nothing happens to open connections', () => {
    expect(codes(everything, { ...all, purpose: 'status' })).toEqual(
      codes(everything, all).filter((code) => code !== 'long-connections'),
    );
  });

  it('come worst first, then by port, then by code', () => {
    expect(
      found(everything, all).map(
        ({ level, instancePort, code }) => `${level} ${instancePort ?? '-'} ${code}`,
      ),
    ).toEqual([
      'blocker 81 http-listener',
      'blocker 8443 http-health-check',
      'blocker 8443 mixed-listeners',
      'blocker 8443 ssl-backend',
      'warning - managed-elsewhere',
      'warning - no-healthy-instance',
      'warning 8443 shared-instance-port',
      'note - long-connections',
      'note 8443 contradicting-policy',
      'note 8443 several-proxy-policies',
      'note 9000 stale-port',
    ]);
  });
});

describe('for every load balancer', () => {
  it('each hazard has its code’s level, one line of what happens and one of what to do', () => {
    fc.assert(
      fc.property(loadBalancerArbitrary, (loadBalancer) => {
        for (const purpose of ['on', 'off', 'status'] as const) {
          for (const { code, level, message, advice } of hazards(
            loadBalancer,
            asked(purpose, instancePorts(loadBalancer)),
          )) {
            expect(level).toBe(hazardLevels[code]);
            for (const line of [message, advice]) expect(line).toMatch(/^[^\n]{10,}[^.\n]$/);
          }
        }
      }),
    );
  });

  it('the order in which ports are asked for does not matter', () => {
    fc.assert(
      fc.property(loadBalancerArbitrary, (loadBalancer) => {
        const ports = instancePorts(loadBalancer);
        expect(hazards(loadBalancer, asked('on', ports.toReversed()))).toEqual(
          hazards(loadBalancer, asked('on', ports)),
        );
      }),
    );
  });
});

it('every hazard of a load balancer with the longest and most names is one that a plan and the journal take', () => {
  const policies = Array.from({ length: 200 }, (_, index) =>
    proxy(String(index).padStart(255, 'p'), index % 2 === 0 ? 'true' : 'false'),
  );
  const loadBalancer = web({
    name: 'n'.repeat(255),
    policies,
    backendServers: lists({ 8443: policies.map(({ name }) => name), 9: policies.map(({ name }) => name) }),
    listeners: Array.from({ length: 100 }, (_, index) =>
      listener({ protocol: index % 2 === 0 ? 'HTTPS' : 'TCP', loadBalancerPort: 10_000 + index }),
    ),
    tags: [{ key: `kubernetes.io/cluster/${'k'.repeat(106)}`, value: 'v'.repeat(256) }],
  });
  const all = found(loadBalancer, asked('on', [8443, 9]));
  expect(all.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['several-proxy-policies', 'contradicting-policy', 'mixed-listeners']),
  );
  for (const hazard of all) expect(hazardSchema.safeParse(hazard).error).toBeUndefined();
});
