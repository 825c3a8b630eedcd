import { mkdir, mkdtemp, open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { stepsFor } from '../../src/core/change.js';
import { planDigest } from '../../src/core/digest.js';
import { hazards } from '../../src/core/hazards.js';
import { type Plan, plan, planChange } from '../../src/core/plan.js';
import { instancePorts } from '../../src/core/status.js';
import { readPlanFile, writePlanFile } from '../../src/plan-file/plan-file.js';
import { loadBalancerArbitrary } from '../core/arbitraries.js';
import { auth, lists, web } from '../core/builders.js';
import { classicChanges } from '../helpers/classic-changes.js';
import { fc } from '../helpers/fast-check.js';

let directory: string;
let file: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'elb-proxy-plan-'));
  file = join(directory, 'plan.json');
});

const origin = { tool: 'elb-proxy 1.2.3', createdAt: new Date('2026-11-23T10:00:00Z') };
function made(): Plan {
  const before = web({ policies: [auth('a')], backendServers: lists({ 8443: ['a'] }) });
  const result = stepsFor(before, { action: 'enable', instancePorts: [8443] });
  const found = hazards(before, { purpose: 'on', instancePorts: [8443], asked: true });
  return plan('enable', [planChange(before, [8443], 'steps' in result ? result.steps : [], found)], origin);
}

// oxlint-disable-next-line typescript/no-explicit-any -- what a hostile hand does to a plan has no type
type Json = any;
/** The plan after an edit; with a digest that fits, so that what is wrong is what was edited. */
async function edited(change: (of: Json) => void, digest = true): Promise<void> {
  const of: Json = structuredClone(JSON.parse(JSON.stringify(made())));
  change(of);
  if (digest && of.digest === made().digest && Array.isArray(of.changes)) {
    try {
      of.digest = planDigest(of);
    } catch {
      // Not digestible is not readable either.
    }
  }
  await writeFile(file, JSON.stringify(of));
}
const refused = async (): Promise<string> => {
  const error = await readPlanFile(file).then(
    () => undefined,
    (caught: unknown) => caught,
  );
  expect(error).toMatchObject({
    code: 'invalid-plan',
    fault: 'user',
    hint: expect.stringContaining('--out'),
  });
  const { message } = error as Error;
  expect(message).toContain(file);
  expect(message).not.toContain('\n');
  return message.replace(`plan file ${file}: `, '');
};

describe('a plan that was written', () => {
  it('is read as it was', async () => {
    await writePlanFile(file, made());
    expect(await readPlanFile(file)).toEqual(JSON.parse(JSON.stringify(made())));
  });

  it('is read even for ten thousand load balancers', async () => {
    const [one] = classicChanges(made());
    if (one === undefined) throw new Error('no change');
    const changes = Array.from({ length: 10_000 }, (_, index) => ({
      ...one,
      loadBalancer: { ...one.loadBalancer, name: `web-${String(index).padStart(5, '0')}` },
    }));
    const large = plan('enable', changes, origin);
    await writePlanFile(file, large);
    expect((await readPlanFile(file)).digest).toBe(large.digest);
  });

  it.each([
    [
      'more load balancers than it may hold',
      (one: Plan) => Array.from({ length: 10_001 }, () => one.changes[0]),
    ],
    [
      'a name with a control character',
      ({ changes: [one] }: Plan) => [{ ...one, loadBalancer: { ...one?.loadBalancer, name: 'a\u0007' } }],
    ],
  ])('is not written if apply would not accept it: %s', async (_what, changed) => {
    const wrong: Json = { ...made(), changes: changed(made()) };
    await expect(writePlanFile(file, wrong)).rejects.toMatchObject({
      code: 'invalid-plan',
      message: expect.stringMatching(
        /was not written, because apply would not accept it: changes.* is wrong/,
      ),
    });
    expect(await readdir(directory)).toEqual([]);
  });

  it('is read for every plan that this tool makes', async () => {
    await fc.assert(
      fc.asyncProperty(loadBalancerArbitrary, fc.boolean(), async (before, enable) => {
        const ports = instancePorts(before);
        const result = stepsFor(
          before,
          enable
            ? { action: 'enable', instancePorts: ports }
            : { action: 'disable', instancePorts: ports, deletePolicy: true },
        );
        if ('nameTaken' in result) return;
        const found = hazards(before, { purpose: 'on', instancePorts: ports, asked: true });
        const written = plan(
          enable ? 'enable' : 'disable',
          [planChange(before, ports, result.steps, found)],
          origin,
        );
        await writeFile(file, JSON.stringify(written));
        expect(await readPlanFile(file)).toEqual(JSON.parse(JSON.stringify(written)));
      }),
      { numRuns: 60 },
    );
  });

  it('replaces an older one at once, and leaves no other file', async () => {
    await writeFile(file, 'x'.repeat(100_000));
    await writePlanFile(file, made());
    expect(await readdir(directory)).toEqual(['plan.json']);
    expect((await readFile(file, 'utf8')).split('\n').length).toBeGreaterThan(10);
  });

  it('is readable only by its owner, also where it replaces a file that everyone could read', async () => {
    await writeFile(file, 'old', { mode: 0o644 });
    await writePlanFile(file, made());
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['a byte order mark', (text: string) => `\uFEFF${text}`],
    ['line ends of Windows', (text: string) => text.replaceAll('\n', '\r\n')],
  ])('is read with %s that an editor left', async (_what, edit) => {
    await writePlanFile(file, made());
    await writeFile(file, edit(await readFile(file, 'utf8')));
    expect(await readPlanFile(file)).toEqual(JSON.parse(JSON.stringify(made())));
  });

  it('fails with the advice to choose another file where nothing can be written', async () => {
    await expect(writePlanFile(join(directory, 'no', 'plan.json'), made())).rejects.toMatchObject({
      code: 'invalid-plan',
      message: expect.stringContaining("can't be written"),
      hint: expect.stringContaining('--out'),
    });
  });
});

describe('a file that is not a plan', () => {
  it.each([
    ['hello', /^is not valid JSON, or is truncated/],
    ['', /^is not valid JSON, or is truncated/],
    ['{"formatVersion": 1, "tool": "e', /^is not valid JSON, or is truncated/],
    ['null', /^does not contain a plan: it is not a JSON object$/],
    ['[]', /^does not contain a plan: it is not a JSON object$/],
    ['"plan"', /^does not contain a plan/],
    ['{}', /^formatVersion is none; this version of elb-proxy reads 1$/],
    ['{"formatVersion":2}', /^formatVersion is 2; this version of elb-proxy reads 1$/],
    ['{"formatVersion":"1"}', /^formatVersion is "1";/],
    [
      '{"formatVersion":1,"error":{"code":"usage"}}',
      /^holds the error of a dry run that failed, not a plan$/,
    ],
    ['{"formatVersion":1}', /^tool is wrong: .*\(found nothing\)$/],
  ])('%s: %s', async (text, message) => {
    await writeFile(file, text);
    expect(await refused()).toMatch(message);
  });

  it('does not carry its whole content into the message', async () => {
    await writeFile(file, `{"formatVersion":"${'9'.repeat(5000)}"}`);
    expect((await refused()).length).toBeLessThan(200);
  });

  it('is refused with the command that makes one if it does not exist', async () => {
    expect(await refused()).toBe("can't be read: no such file or directory (ENOENT)");
  });

  it('is refused as a directory if it is one', async () => {
    await mkdir(file);
    expect(await refused()).toBe("can't be read: illegal operation on a directory (EISDIR)");
  });

  it('is refused after the first megabytes if it never ends', async () => {
    const message = await readPlanFile('/dev/zero').catch((error: Error) => error.message);
    expect(message).toBe('plan file /dev/zero: has no end; no plan is over 40 MB');
  });

  it('is refused without being read if it is far too large', async () => {
    // 3 GB that take no room on the disk: reading them would fail in quite another way.
    const handle = await open(file, 'w');
    await handle.truncate(3 * 1024 ** 3);
    await handle.close();
    expect(await refused()).toBe('is 3072 MB large; no plan is over 40 MB');
  });
});

describe('a plan that was edited', () => {
  it.each<readonly [field: string, change: (of: Json) => void, found: string]>([
    ['action', (of) => (of.action = 'destroy'), '"destroy"'],
    ['pending', (of) => (of.pending = 'yes'), '"yes"'],
    ['createdAt', (of) => (of.createdAt = 'now'), '"now"'],
    ['digest', (of) => (of.digest = 'md5:1'), '"md5:1"'],
    ['changes', (of) => (of.changes = {}), '{}'],
    ['changes[0].loadBalancer.name', (of) => (of.changes[0].loadBalancer.name = ''), '""'],
    ['changes[0].loadBalancer.name', (of) => (of.changes[0].loadBalancer.name = 'a\u001bb'), '"a\\u001bb"'],
    ['changes[0].loadBalancer.region', (of) => (of.changes[0].loadBalancer.region = 'x@y'), '"x@y"'],
    [
      'changes[0].steps[0].call',
      (of) => (of.changes[0].steps[0].call = 'DeleteLoadBalancer'),
      '"DeleteLoadBalancer"',
    ],
    [
      'changes[0].steps[0].policyName',
      (of) => (of.changes[0].steps[0].policyName = 'a\u0007b'),
      '"a\\u0007b"',
    ],
    ['changes[0].steps[0].policyTypeName', (of) => (of.changes[0].steps[0].policyTypeName = 'X'), '"X"'],
    ['changes[0].steps[0].attributes', (of) => (of.changes[0].steps[0].attributes = []), '[]'],
    ['changes[0].steps[1].instancePort', (of) => (of.changes[0].steps[1].instancePort = 0), '0'],
    ['changes[0].steps[1].instancePort', (of) => (of.changes[0].steps[1].instancePort = 70_000), '70000'],
    ['changes[0].steps[1].instancePort', (of) => (of.changes[0].steps[1].instancePort = '8443'), '"8443"'],
    ['changes[0].steps[1].instancePort', (of) => (of.changes[0].steps[1].instancePort = 1.5), '1.5'],
    ['changes[0].steps[1].after', (of) => (of.changes[0].steps[1].after = 'p'), '"p"'],
    ['changes[0].steps[1].after[1]', (of) => (of.changes[0].steps[1].after[1] = 7), '7'],
    ['changes[0].steps[1].before', (of) => delete of.changes[0].steps[1].before, 'nothing'],
    ['changes[0].hazards[0].code', (of) => (of.changes[0].hazards[0].code = 'none'), '"none"'],
    ['changes[0].forced[0]', (of) => (of.changes[0].forced = ['everything']), '"everything"'],
    ['undoes', (of) => (of.undoes = '../x'), '"../x"'],
  ])('names %s and its value', async (field, change, found) => {
    await edited(change);
    const message = await refused();
    expect(message.startsWith(`${field} is wrong: `)).toBe(true);
    expect(message.endsWith(`(found ${found})`)).toBe(true);
  });

  it.each<readonly [where: string, key: string, change: (of: Json) => void]>([
    ['the plan', 'run', (of) => (of.run = 'rm')],
    ['changes[0]', 'guard', (of) => (of.changes[0].guard = 'none')],
    ['changes[0].loadBalancer', 'arn', (of) => (of.changes[0].loadBalancer.arn = 'x')],
    ['changes[0].steps[1]', 'policyNames', (of) => (of.changes[0].steps[1].policyNames = [])],
    ['the plan', '__proto__', (of) => Object.defineProperty(of, '__proto__', { value: 1, enumerable: true })],
  ])('may not have an unknown key in %s: %s', async (where, key, change) => {
    await edited(change);
    const message = await refused();
    expect(message).toContain(where);
    expect(message).toContain(key);
  });

  it('is refused for its digest, wherever it was edited', async () => {
    await edited((of) => (of.changes[0].loadBalancer.dnsName = 'x'), false);
    expect(await refused()).toMatch(/^digest does not match its content/);
  });

  it.each<readonly [command: string, change: (of: Json) => void]>([
    ['elb-proxy enable NAME --port N --dry-run --out FILE', () => undefined],
    ['elb-proxy disable NAME --port N --dry-run --out FILE', (of) => (of.action = 'disable')],
    ['elb-proxy undo --dry-run --out FILE', (of) => (of.action = 'undo')],
    [
      'elb-proxy enable NAME --target-group GROUP --dry-run --out FILE',
      (of) => (of.changes[0].targetGroup = { name: 'blue' }),
    ],
    [
      'elb-proxy enable NAME --target-group GROUP --dry-run --out FILE',
      (of) => (of.changes[0].loadBalancer.kind = 'network'),
    ],
    [
      'elb-proxy enable NAME --port N --dry-run --out FILE',
      (of) => (of.changes = [null, 7, { loadBalancer: null }]),
    ],
  ])('says how to make one of its kind: %s', async (command, change) => {
    await edited((of) => {
      of.digest = 'sha256:0';
      change(of);
    });
    await expect(readPlanFile(file)).rejects.toMatchObject({ hint: `make a new plan with: ${command}` });
  });

  it('may not say that nothing is pending while there are steps, nor the other way round', async () => {
    await edited((of) => (of.pending = false));
    expect(await refused()).toBe('pending is false, but there are steps');
    await edited((of) => (of.changes[0].steps = []));
    expect(await refused()).toBe('pending is true, but there are no steps');
  });

  it('may not name a load balancer twice', async () => {
    await edited((of) => of.changes.push(of.changes[0]));
    expect(await refused()).toBe('changes[1].loadBalancer: us-east-1/web is in the plan twice');
  });

  it('may name load balancers of one name in two regions', async () => {
    await edited((of) => {
      of.changes.unshift(structuredClone(of.changes[0]));
      of.changes[0].loadBalancer.region = 'eu-west-1';
    });
    expect((await readPlanFile(file)).changes).toHaveLength(2);
  });

  it('may not set a port twice', async () => {
    await edited((of) => of.changes[0].steps.push(of.changes[0].steps[1]));
    expect(await refused()).toBe('changes[0].steps: instance port 8443 is set twice');
  });

  it('may not name a policy twice in a list, which no service would keep', async () => {
    await edited((of) => of.changes[0].steps[1].after.push(of.changes[0].steps[1].after[0]));
    expect(await refused()).toBe('changes[0].steps[1].after names a twice');
  });

  it('may not attach a policy before it is made, nor delete one that it attaches', async () => {
    await edited((of) => (of.changes[0].steps = of.changes[0].steps.toReversed()));
    expect(await refused()).toBe(
      'changes[0].steps[1]: policy ProxyProtocol-enabled is attached before it is created',
    );
    await edited((of) =>
      of.changes[0].steps.push({ ...of.changes[0].steps[0], call: 'DeleteLoadBalancerPolicy' }),
    );
    expect(await refused()).toBe(
      'changes[0].steps[2]: policy ProxyProtocol-enabled is deleted while it is attached',
    );
  });

  it.each([{}, { ProxyProtocol: 'false' }, { ProxyProtocol: '' }, { Other: 'true' }])(
    'may not make a policy of %o: it would switch nothing on',
    async (attributes) => {
      await edited((of) => (of.changes[0].steps[0].attributes = attributes));
      expect(await refused()).toMatch(/^changes\[0\]\.steps\[0\]\.attributes is wrong/);
    },
  );

  it('may change when and by what it was made, and its instances: the digest does not pin that', async () => {
    await edited((of) => {
      of.tool = 'elb-proxy 9.9.9';
      of.createdAt = '2030-01-01T00:00:00.000Z';
      of.changes[0].affects.instances = { inService: 0, total: 9 };
    }, false);
    expect((await readPlanFile(file)).tool).toBe('elb-proxy 9.9.9');
  });

  it.each<readonly [what: string, change: (of: Json) => void]>([
    ['endpoint', (of) => (of.endpoint = 'http://127.0.0.1:1')],
    ['hazards', (of) => (of.changes[0].hazards = [])],
  ])('may not lose its %s: the digest pins them', async (_what, change) => {
    await edited(change, false);
    expect(await refused()).toMatch(/^digest does not match its content/);
  });

  it.each<readonly [says: RegExp, change: (of: Json) => void]>([
    [/^changes\[0\]\.steps\[0\] creates policy \S+, and action is disable$/, (of) => (of.action = 'disable')],
    [
      /steps\[0\] puts ProxyProtocol-enabled on instance port 8443, and action is disable$/,
      (of) => {
        of.action = 'disable';
        of.changes[0].steps.shift();
      },
    ],
    [
      /steps\[0\] takes every policy off instance port 8443, and action is enable$/,
      (of) => {
        of.changes[0].steps = [{ ...of.changes[0].steps[1], before: ['p'], after: [] }];
      },
    ],
    [
      /steps\[1\] deletes policy old, and action is enable$/,
      (of) => {
        const [create] = of.changes[0].steps;
        of.changes[0].steps.splice(1, 0, { ...create, call: 'DeleteLoadBalancerPolicy', policyName: 'old' });
      },
    ],
    [
      /steps\[0\] creates policy another, which is put on no port, and action is enable$/,
      (of) => (of.changes[0].steps[0].policyName = 'another'),
    ],
    [
      /steps\[1\] puts \S+, more on instance port 8443, which is not one policy at the end/,
      (of) => of.changes[0].steps[1].after.push('more'),
    ],
    [
      /steps\[1\] puts ProxyProtocol-enabled on instance port 8443, which is not one policy at the end/,
      (of) => (of.changes[0].steps[1].after = of.changes[0].steps[1].after.toReversed()),
    ],
    [
      /steps\[1\]\.after is the same list as before$/,
      (of) => (of.changes[0].steps[1].after = of.changes[0].steps[1].before),
    ],
    [/^undoes is missing, but action is undo$/, (of) => (of.action = 'undo')],
    [/^undoes is 2026-x, but action is enable$/, (of) => (of.undoes = '2026-x')],
  ])('may not do what its action does not: %s', async (says, change) => {
    await edited(change);
    expect(await refused()).toMatch(says);
  });

  it.each<readonly [says: RegExp, change: (of: Json) => void]>([
    [
      /^changes\[0\]\.affects\.instancePorts lacks 8443, which steps\[1\] sets$/,
      (of) => (of.changes[0].affects = { instancePorts: [9443], listeners: [] }),
    ],
    [
      /^changes\[0\]\.affects\.instancePorts names 8443 twice$/,
      (of) => (of.changes[0].affects.instancePorts = [8443, 8443]),
    ],
    [
      /^changes\[0\]\.affects\.listeners\[0\] forwards to instance port 25, which/,
      (of) => (of.changes[0].affects.listeners[0].instancePort = 25),
    ],
    [
      /^changes\[0\]\.hazards\[\d\]\.instancePort is 25, which affects\.instancePorts lacks$/,
      (of) => {
        for (const hazard of of.changes[0].hazards) hazard.instancePort = 25;
      },
    ],
    [
      /^changes\[0\]\.hazards\[0\]\.level is note, and http-listener is a blocker$/,
      (of) => {
        Object.assign(of.changes[0].hazards[0], { code: 'http-listener', level: 'note' });
      },
    ],
    [
      /^changes\[0\]\.forced\[0\] is http-health-check, which is not a blocker among the hazards$/,
      (of) => (of.changes[0].forced = ['http-health-check']),
    ],
  ])('may not show other than what it does: %s', async (says, change) => {
    await edited(change);
    expect(await refused()).toMatch(says);
  });

  it('may not name a load balancer twice in another letter case', async () => {
    await edited((of) => {
      of.changes.push(structuredClone(of.changes[0]));
      of.changes[1].loadBalancer.name = 'WEB';
    });
    expect(await refused()).toBe('changes[1].loadBalancer: us-east-1/WEB is in the plan twice');
  });
});
