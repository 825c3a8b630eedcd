import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asIfMadeAt } from '../helpers/as-if-made-at.js';
import { elbProxy, temporaryDirectory } from '../helpers/elb-proxy.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { bothKindsAt, proxyKey, stage, startNetworkService } from '../helpers/network-service.js';
import { startRelay } from '../helpers/relay.js';

const enable = ['enable', 'edge', '--target-group', 'blue'];

describe("a Network Load Balancer's target group", () => {
  it('is switched on, is so the second time, is put back by undo, and is in the history', async () => {
    await using service = await startNetworkService();
    const options = bothKindsAt(service, await temporaryDirectory());
    const first = (await elbProxyHere([...enable, '--yes', '-o', 'json'], options)).json();
    expect(first).toMatchObject({
      outcome: 'applied',
      changes: [
        {
          loadBalancer: {
            kind: 'network',
            name: 'edge',
            arn: expect.stringContaining('loadbalancer/net/edge/'),
          },
          targetGroup: {
            arn: await service.arnOf('blue'),
            name: 'blue',
            protocol: 'TCP',
            port: 8443,
            targetType: 'ip',
            healthCheck: { protocol: 'TCP' },
          },
          affects: { listeners: [{ protocol: 'TCP', port: 443 }] },
          steps: [
            {
              call: 'ModifyTargetGroupAttributes',
              key: proxyKey,
              before: 'false',
              after: 'true',
              outcome: 'done',
            },
          ],
        },
      ],
    });
    expect([await service.valueOf('blue'), await service.valueOf('green')]).toEqual(['true', 'false']);
    expect((await elbProxyHere([...enable, '--yes', '-o', 'json'], options)).json()).toMatchObject({
      outcome: 'unchanged',
    });
    const history = (await elbProxyHere(['history', '-o', 'json'], options)).json();
    expect(history.changes).toMatchObject([
      { changeId: first.changeId, loadBalancers: [{ name: 'edge', targetGroups: ['blue'] }] },
    ]);
    expect((await elbProxyHere(['history'], options)).stdout).toContain('edge:blue (us-east-1)');
    const undo = await elbProxyHere(['undo', '--yes', '-o', 'json'], options);
    expect(undo.json()).toMatchObject({ outcome: 'applied', action: 'undo' });
    expect(await service.valueOf('blue')).toBe('false');
  });

  it('is chosen by its name, its ARN, a listener in front of it, or with all others', async () => {
    for (const [words, names] of [
      [
        ['--target-group', 'blue,green'],
        ['blue', 'green'],
      ],
      [['--target-group', 'ARN'], ['blue']],
      [['--listener', '444'], ['green']],
      [
        ['--listener', '443,444'],
        ['blue', 'green'],
      ],
      [['--all-target-groups'], ['blue', 'green']],
    ] as const) {
      await using service = await startNetworkService();
      const arn = await service.arnOf('blue');
      const argv = words.map((word) => (word === 'ARN' ? arn : word));
      const ran = await elbProxyHere(
        ['enable', 'edge', ...argv, '--yes', '-o', 'json'],
        bothKindsAt(service),
      );
      expect(ran.json()).toMatchObject({ outcome: 'applied' });
      for (const name of ['blue', 'green'])
        expect([name, await service.valueOf(name)]).toEqual([
          name,
          String((names as readonly string[]).includes(name)),
        ]);
    }
  });

  it.each(['enable', 'disable'])("%s of all target groups names those that can't have it", async (action) => {
    const targetGroups = [
      { name: 'blue', protocol: 'TCP', port: 8443 },
      { name: 'front', protocol: 'TCP', port: 80, targetType: 'alb' as const },
    ];
    const to = (name: string, port: number, group: string) => ({
      name,
      listeners: [{ protocol: 'TCP', port, targetGroups: [group] }],
    });
    const [edge, other] = [to('edge', 443, 'blue'), to('other', 80, 'front')];
    const listeners = [...edge.listeners, { protocol: 'TCP', port: 81, targetGroups: ['second'] }];
    await using service = await startNetworkService({
      loadBalancers: [],
      elbv2: {
        targetGroups: [
          ...targetGroups,
          { name: 'second', protocol: 'TCP', port: 81, targetType: 'alb' as const },
        ],
        loadBalancers: [{ ...edge, listeners }, other],
      },
    });
    const ask = async (name: string) =>
      elbProxyHere(
        [action, name, '--all-target-groups', '--dry-run', '-o', 'json'],
        bothKindsAt(service, await temporaryDirectory()),
      );
    const some = await ask('edge');
    expect(some.json().changes.map((one: { targetGroup: { name: string } }) => one.targetGroup.name)).toEqual(
      ['blue'],
    );
    expect(some.stderr).toContain(
      "edge (us-east-1): left out, because they can't send the PROXY protocol: target group second (target type alb)",
    );
    const none = await ask('other');
    expect(none.json().error.message).toContain(
      "so --all-target-groups selects nothing: front (target type alb) can't",
    );
  });

  it('is meant by its option if both kinds have the name', async () => {
    await using service = await startNetworkService();
    const options = bothKindsAt(service, await temporaryDirectory());
    const network = await elbProxyHere(
      ['enable', 'both', '--target-group', 'red', '--yes', '-o', 'json'],
      options,
    );
    expect(network.json()).toMatchObject({
      outcome: 'applied',
      changes: [{ loadBalancer: { kind: 'network' } }],
    });
    const classic = await elbProxyHere(['enable', 'both', '--port', '8443', '--yes', '-o', 'json'], options);
    expect(classic.json()).toMatchObject({
      outcome: 'applied',
      changes: [{ loadBalancer: { kind: 'classic' } }],
    });
  });

  it('can be switched, with its hazard, if it is on no load balancer', async () => {
    await using service = await startNetworkService();
    const ran = await elbProxyHere(
      ['enable', 'edge', '--target-group', 'alone', '--yes', '-o', 'json'],
      bothKindsAt(service),
    );
    expect(ran.json()).toMatchObject({
      outcome: 'applied',
      changes: [{ targetGroup: { loadBalancerArns: [] }, affects: { listeners: [] } }],
    });
    expect(ran.json().changes[0].hazards.map(({ code }: { code: string }) => code)).toContain(
      'no-load-balancer',
    );
    expect(await service.valueOf('alone')).toBe('true');
  });

  it('gets false from undo, which says why, if its attribute was not listed', async () => {
    const [first, ...others] = stage.elbv2?.targetGroups ?? [];
    if (first === undefined) throw new Error('no group');
    await using service = await startNetworkService({
      ...stage,
      elbv2: { ...stage.elbv2, targetGroups: [{ ...first, listsDefaults: false }, ...others] },
    });
    expect(await service.valueOf('blue')).toBeUndefined();
    const options = bothKindsAt(service, await temporaryDirectory());
    const ran = (await elbProxyHere([...enable, '--yes', '-o', 'json'], options)).json();
    expect(ran).toMatchObject({
      outcome: 'applied',
      changes: [{ steps: [{ before: null, after: 'true' }] }],
    });
    const undo = await elbProxyHere(['undo', '--yes', '-o', 'json'], options);
    expect(undo.json()).toMatchObject({ outcome: 'applied' });
    expect(undo.stderr.replaceAll(/\s+/g, ' ')).toContain(
      "can't be taken away again, so false, its default, is written",
    );
    expect(await service.valueOf('blue')).toBe('false');
  });

  it('takes the fewest calls: six reads to plan, three before anything is begun, three before the write and three behind it', async () => {
    await using service = await startNetworkService();
    await using relay = await startRelay(service.endpoint);
    const ran = await elbProxyHere([...enable, '--yes', '-o', 'json'], bothKindsAt(relay));
    expect(ran.json()).toMatchObject({ outcome: 'applied' });
    const calls = relay.calls.map(({ action }) => action.replace('elbv2 ', ''));
    const look = ['DescribeListeners', 'DescribeTargetGroups', 'DescribeTargetGroupAttributes'];
    const plan = calls.slice(0, -10);
    expect(new Set(plan)).toEqual(
      new Set([...look, 'DescribeLoadBalancers', 'DescribeTargetHealth', 'DescribeTags']),
    );
    // The attributes of both groups, and the health of their targets.
    expect(plan).toHaveLength(8);
    expect(calls.at(-4)).toBe('ModifyTargetGroupAttributes');
    expect(calls.at(-5)).toBe('DescribeTargetGroupAttributes');
    for (const at of [-10, -7, -3])
      expect(calls.slice(at, at === -3 ? undefined : at + 3).toSorted()).toEqual(look.toSorted());
    expect(relay.writes()).toEqual(['ModifyTargetGroupAttributes']);
  });
});

describe('a plan for a target group', () => {
  it('is made by a dry run, carried out by apply, and refused once the attribute has moved', async () => {
    await using service = await startNetworkService();
    const file = join(await temporaryDirectory(), 'plan.json');
    await using relay = await startRelay(service.endpoint);
    const options = bothKindsAt(relay, await temporaryDirectory());
    const dry = await elbProxyHere([...enable, '--dry-run', '--detailed-exitcode', '--out', file], options);
    expect(dry.code).toBe(2);
    expect(await service.valueOf('blue')).toBe('false');
    expect((await elbProxyHere(['apply', file, '--yes', '-o', 'json'], options)).json()).toMatchObject({
      outcome: 'applied',
    });
    expect(await service.valueOf('blue')).toBe('true');
    const again = await elbProxyHere(['apply', file, '--yes', '-o', 'json'], bothKindsAt(relay));
    expect(again.code).toBe(3);
    expect(again.json()).toMatchObject({ outcome: 'refused', error: { code: 'stale-plan' } });
    expect(relay.writes()).toHaveLength(1);
  });

  it.each<readonly [what: string, edit: (text: string) => string, words: string]>([
    ['another attribute', (text) => text.replaceAll(proxyKey, 'stickiness.enabled'), 'steps[0].key is wrong'],
    [
      'another value',
      (text) => text.replace('"after": "true"', '"after": "yes"'),
      'changes[0].steps[0].after is wrong',
    ],
    [
      'another group in its step',
      (text) => text.replace(/("targetGroupArn": "[^"]*targetgroup\/)blue/, '$1green'),
      'steps[0].targetGroupArn is',
    ],
    [
      'the opposite',
      (text) => text.replace('"action": "enable"', '"action": "disable"'),
      'steps[0].after is true, and action is disable',
    ],
    [
      'the name of another group than its ARN',
      (text) => text.replaceAll('"blue"', '"green"'),
      'targetGroup.name is green, and targetGroup.arn is',
    ],
    [
      'the name of another load balancer than its ARN',
      (text) => text.replace('"name": "edge"', '"name": "both"'),
      'loadBalancer.name is both, and loadBalancer.arn is',
    ],
    [
      'another account than its ARN',
      (text) =>
        text.replace(
          '"accountId": "123456789012",\n        "dnsName"',
          '"accountId": "999999999999",\n        "dnsName"',
        ),
      'loadBalancer.accountId is 999999999999, and loadBalancer.arn is',
    ],
    [
      'a field that no plan has',
      (text) => text.replace('"protocol": "TCP"', '"protocol": "TCP", "extra": 1'),
      'targetGroup is wrong',
    ],
  ])('is refused by the field if it was edited to have %s', async (_what, edit, words) => {
    await using service = await startNetworkService();
    const file = join(await temporaryDirectory(), 'plan.json');
    await elbProxyHere([...enable, '--dry-run', '--out', file], bothKindsAt(service));
    const text = await readFile(file, 'utf8');
    expect(edit(text)).not.toBe(text);
    await writeFile(file, edit(text));
    const ran = await elbProxyHere(['apply', file, '--yes', '-o', 'json'], bothKindsAt(service));
    expect(ran.code).toBe(1);
    expect(ran.json()).toMatchObject({ error: { code: 'invalid-plan' } });
    expect(ran.json().error.message).toContain(words);
    expect(await service.valueOf('blue')).toBe('false');
  });

  it('comes as commands of the AWS CLI, too', async () => {
    await using service = await startNetworkService();
    const ran = await elbProxyHere([...enable, '--dry-run', '-o', 'commands'], bothKindsAt(service));
    const arn = await service.arnOf('blue');
    const text = ran.stdout.replaceAll(/ \\\n(?:# )? +/g, ' ');
    const command = (value: string) =>
      `aws elbv2 modify-target-group-attributes --region us-east-1 --endpoint-url ${service.endpoint} --target-group-arn ${arn} --attributes Key=${proxyKey},Value=${value}`;
    expect(text).toContain(`\n${command('true')}\n`);
    expect(text).toContain(`\n# ${command('false')}\n`);
  });
});

describe("what can't be switched", () => {
  it.each<readonly [argv: string, words: string]>([
    ['edge --port 8443', 'edge (us-east-1) is a Network Load Balancer, which has target groups'],
    ['web --target-group blue', 'web (us-east-1) is a Classic load balancer, which has instance ports'],
    ['web --listener 443', 'web (us-east-1) is a Classic load balancer'],
    ['shop --target-group web', 'shop in us-east-1 is an Application Load Balancer'],
    ['shop --port 80', 'shop in us-east-1 is an Application Load Balancer'],
    [
      'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/shop/0123456789abcdef --target-group web',
      'is an ARN',
    ],
    [
      'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/gwy/wall/0123456789abcdef --target-group web',
      'is an ARN',
    ],
    ['both --target-group blue', 'target group blue is on load balancer edge, not on both (us-east-1)'],
    ['edge --target-group web', 'target group web is on the Application Load Balancer shop, not on edge'],
    ['edge --target-group nope', 'no target group nope in us-east-1'],
    [
      'edge --target-group arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/nope/0123456789abcdef',
      'no target group arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/nope/0123456789abcdef',
    ],
    ['edge --target-group arn:aws:s3:::bucket', 'it is not the ARN of a target group'],
    ['edge --target-group a/b', 'it is neither a name, of letters, digits and dashes, nor an ARN'],
    ['edge --listener 9', 'has no listener on that port: its listeners are on 443, 444'],
    ['edge --listener x', '--listener'],
    ['edge both --target-group blue', 'none of the named target groups is on load balancer both'],
    ['edge both --target-group alone', 'it is not clear which of them is meant'],
    ['edge --port 1 --target-group blue', '--port and --target-group are both given'],
    ['edge --all-ports --all-target-groups', '--all-ports and --all-target-groups are both given'],
    ['edge --listener 443 --target-group blue', '--target-group and --listener are both given'],
    ['edge --target-group blue --policy-name x', '--policy-name only works with Classic load balancers'],
    ['edge --target-group blue --lock', "can't hold a lock for other machines"],
    ['edge', 'no instance port or target group is given'],
    ['nope --target-group blue', 'not found'],
  ])('enable %s: is one clear error, and nothing is written', async (argv, words) => {
    await using service = await startNetworkService();
    await using relay = await startRelay(service.endpoint);
    const ran = await elbProxyHere(['enable', ...argv.split(' '), '--yes', '-o', 'json'], bothKindsAt(relay));
    expect(ran.code).toBe(1);
    expect(ran.json().error.message).toContain(words);
    expect(relay.writes()).toEqual([]);
  });

  it('with --lock is refused by a dry run, by undo and by apply as well', async () => {
    await using service = await startNetworkService();
    const options = bothKindsAt(service, await temporaryDirectory());
    const file = join(await temporaryDirectory(), 'plan.json');
    expect((await elbProxyHere([...enable, '--dry-run', '--out', file], options)).code).toBe(0);
    expect((await elbProxyHere([...enable, '--yes'], options)).code).toBe(0);
    for (const argv of [
      [...enable, '--dry-run'],
      ['undo', '--dry-run'],
      ['undo', '--yes'],
      ['apply', file, '--yes'],
    ]) {
      const ran = await elbProxyHere([...argv, '--lock', '-o', 'json'], options);
      expect([argv, ran.code]).toEqual([argv, 1]);
      expect(ran.json().error.message).toContain('--lock only works with Classic load balancers');
    }
    expect(await service.valueOf('blue')).toBe('true');
  });

  it('has a listener that forwards to no group', async () => {
    await using service = await startNetworkService();
    await using relay = await startRelay(service.endpoint, async ({ action }) =>
      action === 'DescribeListeners'
        ? {
            status: 200,
            body: '<DescribeListenersResponse><DescribeListenersResult><Listeners><member><ListenerArn>arn:l</ListenerArn><Protocol>TCP</Protocol><Port>443</Port><DefaultActions/></member></Listeners></DescribeListenersResult></DescribeListenersResponse>',
          }
        : 'pass',
    );
    const ran = await elbProxyHere(
      ['enable', 'edge', '--listener', '443', '--yes', '-o', 'json'],
      bothKindsAt(relay),
    );
    expect(ran.code).toBe(1);
    expect(ran.json().error.message).toContain('forwards to no target group');
    expect(relay.writes()).toEqual([]);
  });

  it.each<readonly [what: string, code: string, tampered: (text: string) => string]>([
    [
      'an attribute that is neither true nor false',
      'unknown-attribute-value',
      (text) => text.replace(/(proxy_protocol_v2\.enabled<\/Key>\s*<Value>)false/, '$1maybe'),
    ],
    [
      'a group on two load balancers',
      'several-load-balancers',
      (text) =>
        text.replaceAll(
          /(<LoadBalancerArns>\s*<member>[^<]*)(<\/member>)/g,
          '$1$2<member>arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/other/0123456789abcdef</member>',
        ),
    ],
  ])('is %s', async (_what, code, tampered) => {
    await using service = await startNetworkService();
    await using relay = await startRelay(service.endpoint, async ({ action, parameters }) => {
      if (!action.startsWith('DescribeTargetGroup')) return 'pass';
      const answer = await fetch(service.endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: parameters,
      });
      return { status: answer.status, body: tampered(await answer.text()) };
    });
    const ran = await elbProxyHere([...enable, '--yes', '-o', 'json'], bothKindsAt(relay));
    expect(ran.code).toBe(1);
    expect(ran.json()).toMatchObject({ error: { code } });
    expect(relay.writes()).toEqual([]);
  });
});

describe('a write to a target group that goes wrong', () => {
  it('without an answer is found out by reading', async () => {
    await using service = await startNetworkService();
    await using relay = await startRelay(service.endpoint, async ({ action }) =>
      action === 'ModifyTargetGroupAttributes' ? 'cut-after' : 'pass',
    );
    const ran = await elbProxyHere([...enable, '--yes', '-o', 'json'], bothKindsAt(relay));
    expect(ran.json()).toMatchObject({ outcome: 'applied' });
    expect(relay.writes()).toHaveLength(1);
  });

  it('without the permission puts back the other group of its load balancer', async () => {
    await using service = await startNetworkService();
    await using relay = await startRelay(service.endpoint, async ({ action, nth }) =>
      action === 'ModifyTargetGroupAttributes' && nth === 2 ? { error: 'AccessDenied', status: 403 } : 'pass',
    );
    const ran = await elbProxyHere(
      ['enable', 'edge', '--all-target-groups', '--yes', '-o', 'json'],
      bothKindsAt(relay),
    );
    expect(ran.code).toBe(1);
    expect(ran.json()).toMatchObject({ outcome: 'rolled-back', error: { code: 'AccessDenied' } });
    expect([await service.valueOf('blue'), await service.valueOf('green')]).toEqual(['false', 'false']);
  });

  it("since a controller sets the attribute back while it is guarded ends as what it is: put back, by someone else's change", async () => {
    await using service = await startNetworkService();
    let set = false;
    await using relay = await startRelay(service.endpoint, async ({ action }) => {
      if (action === 'DescribeTargetHealth' && !set && (await service.valueOf('blue')) === 'true') {
        set = true;
        await service.set('blue', 'false');
      }
      return 'pass';
    });
    const { client } = service;
    await client.registerTargets({
      TargetGroupArn: await service.arnOf('blue'),
      Targets: [{ Id: '127.0.0.1', Port: 8443 }],
    });
    const ran = await elbProxyHere(
      [...enable, '--yes', '--guard', 'health', '--guard-hold', '1s', '--settle-timeout', '2s', '-o', 'json'],
      bothKindsAt(relay),
    );
    expect(set).toBe(true);
    expect(ran.code).toBe(3);
    expect(ran.json()).toMatchObject({ outcome: 'rolled-back', error: { code: 'concurrent-change' } });
    expect(ran.json().reason).toContain(`${proxyKey} of target group blue, which this run has written,`);
    expect(await service.valueOf('blue')).toBe('false');
  });

  it('cut off by a kill is said by the next run, and put back by undo', async () => {
    await using service = await startNetworkService();
    const stateDirectory = await temporaryDirectory();
    let kill: (() => void) | undefined;
    await using relay = await startRelay(service.endpoint, async ({ action }) => {
      if (action !== 'ModifyTargetGroupAttributes') return 'pass';
      kill?.();
      return 'cut-after';
    });
    const killed = await elbProxy([...enable, '--yes'], {
      ...bothKindsAt(relay, stateDirectory),
      onStart: (child) => {
        kill = () => void child.kill('SIGKILL');
      },
    });
    expect(killed.signal).toBe('SIGKILL');
    await asIfMadeAt(stateDirectory, relay, service);
    const options = bothKindsAt(service, stateDirectory);
    const next = await elbProxyHere(['enable', 'edge', '--target-group', 'green', '--dry-run'], options);
    expect(next.stderr.replaceAll(/\s+/g, ' ')).toContain('(enable edge blue');
    const undo = await elbProxyHere(['undo', '--yes', '-o', 'json'], options);
    expect(undo.json()).toMatchObject({ outcome: 'applied', action: 'undo' });
    expect(await service.valueOf('blue')).toBe('false');
  });
});

describe('several runs on one Network Load Balancer', () => {
  it('take turns on this machine, and lose nothing', async () => {
    await using service = await startNetworkService();
    const options = bothKindsAt(service, await temporaryDirectory());
    const runs = await Promise.all(
      ['blue', 'green'].flatMap((name) =>
        [1, 2].map(() =>
          elbProxy(['enable', 'edge', '--target-group', name, '--yes', '-o', 'json'], options),
        ),
      ),
    );
    const outcomes = runs.map((ran) => ran.json().outcome as string);
    expect(outcomes.toSorted()).toEqual(['applied', 'applied', 'unchanged', 'unchanged']);
    expect([await service.valueOf('blue'), await service.valueOf('green')]).toEqual(['true', 'true']);
  });

  it('with one in between: the plan that was shown is refused', async () => {
    await using service = await startNetworkService();
    let reads = 0;
    await using relay = await startRelay(service.endpoint, async ({ action }) => {
      // Once the plan is made, and before the look whether it may begin.
      if (action === 'DescribeListeners' && ++reads === 2) await service.set('blue', 'true');
      return 'pass';
    });
    const ran = await elbProxyHere([...enable, '--yes', '-o', 'json'], bothKindsAt(relay));
    expect(ran.code).toBe(3);
    expect(ran.json()).toMatchObject({ outcome: 'refused', error: { code: 'stale-plan' } });
    expect(relay.writes()).toEqual([]);
  });
});
