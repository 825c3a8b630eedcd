import { describe, expect, it } from 'vitest';
import { elbProxy, temporaryDirectory } from '../helpers/elb-proxy.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { startRelay } from '../helpers/relay.js';
import { startService } from '../helpers/service.js';

describe('enable', () => {
  it('adds the PROXY policy at the end of a port that holds others, and keeps their order', async () => {
    await using service = await startService();
    const ran = await elbProxyHere(['enable', 'web', '--port', '8443', '--yes'], service);
    expect(ran).toMatchObject({ code: 0 });
    expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth', 'ProxyProtocol-enabled']);
    expect(await service.listOf(9443)).toEqual(['b-auth']);
  });

  it('makes no write call the second time', async () => {
    await using service = await startService();
    await elbProxyHere(['enable', 'web', '--port', '8443', '--yes'], service);
    await using relay = await startRelay(service.endpoint);
    const again = await elbProxyHere(['enable', 'web', '--port', '8443', '--yes', '-o', 'json'], relay);
    expect(again.code).toBe(0);
    expect(again.json()).toMatchObject({ outcome: 'unchanged', changeId: null });
    expect(relay.writes()).toEqual([]);
  });

  it('reuses a policy of the right type under another name, whatever the letter case of its attribute', async () => {
    await using service = await startService();
    await service.createPolicy('Somebody-Elses-Name', 'True');
    const ran = await elbProxyHere(['enable', 'web', '--port', '8443', '--yes'], service);
    expect(ran.code).toBe(0);
    expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth', 'Somebody-Elses-Name']);
    expect(await service.policyNames()).not.toContain('ProxyProtocol-enabled');
  });

  it('takes a contradicting ProxyProtocol=false policy off the port, and the plan says so', async () => {
    await using service = await startService();
    await service.createPolicy('contradicts', 'false');
    await service.setList(8443, ['z-auth', 'contradicts', 'b-auth']);
    const dry = await elbProxyHere(['enable', 'web', '--port', '8443', '--dry-run'], service);
    expect(dry.stdout).toMatch(/^ +- contradicts$/m);
    await elbProxyHere(['enable', 'web', '--port', '8443', '--yes'], service);
    expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth', 'ProxyProtocol-enabled']);
  });

  it('makes the fewest calls: four reads to plan, one before anything is begun, then a fresh read before the first write and a read-back after each, which the next write builds on', async () => {
    await using service = await startService();
    await using relay = await startRelay(service.endpoint);
    await elbProxyHere(['enable', 'web', '--port', '8443', '--yes'], relay);
    // The list is what a write replaces, so it is read last.
    const read = ['DescribeLoadBalancerPolicies', 'DescribeLoadBalancers'];
    const calls = relay.calls.map(({ action }) => action);
    expect(calls.slice(0, 4).toSorted()).toEqual(
      [...read, 'DescribeInstanceHealth', 'DescribeTags'].toSorted(),
    );
    expect(calls.slice(4)).toEqual([
      ...read,
      ...read,
      'CreateLoadBalancerPolicy',
      ...read,
      'SetLoadBalancerPoliciesForBackendServer',
      ...read,
    ]);
  });

  it('names what it makes as --policy-name says', async () => {
    await using service = await startService();
    await elbProxyHere(
      ['enable', 'web', '--port', '9444', '--policy-name', 'EnableProxyProtocol', '--yes'],
      service,
    );
    expect(await service.listOf(9444)).toEqual(['EnableProxyProtocol']);
  });

  it('takes several ports, as a list, repeated, or all of them', async () => {
    for (const ports of [['--port', '8443,9443', '--port', '9444'], ['--all-ports']]) {
      await using service = await startService();
      const ran = await elbProxyHere(['enable', 'web', ...ports, '--yes', '-o', 'json'], service);
      expect(ran.json()).toMatchObject({ outcome: 'applied' });
      expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth', 'ProxyProtocol-enabled']);
      expect(await service.listOf(9443)).toEqual(['b-auth', 'ProxyProtocol-enabled']);
      expect(await service.listOf(9444)).toEqual(['ProxyProtocol-enabled']);
    }
  });

  it('refuses an unconfirmed change without a terminal, even when "y" is piped in', async () => {
    await using service = await startService();
    await using relay = await startRelay(service.endpoint);
    const ran = await elbProxy(['enable', 'web', '--port', '8443', '-o', 'json'], { ...relay, input: 'y\n' });
    expect(ran.code).toBe(3);
    expect(ran.json()).toMatchObject({ outcome: 'refused', error: { code: 'not-confirmed' } });
    expect(relay.writes()).toEqual([]);
  });
});

describe('disable', () => {
  it('restores the port, and leaves the policy on the load balancer', async () => {
    await using service = await startService();
    await elbProxyHere(['enable', 'web', '--port', '8443', '--yes'], service);
    const ran = await elbProxyHere(['disable', 'web', '--port', '8443', '--yes'], service);
    expect(ran.code).toBe(0);
    expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth']);
    expect(await service.policyNames()).toContain('ProxyProtocol-enabled');
  });

  it('deletes PROXY policies that no port uses any more only when asked', async () => {
    await using service = await startService();
    await elbProxyHere(['enable', 'web', '--port', '8443,9443', '--yes'], service);
    await elbProxyHere(['disable', 'web', '--port', '8443', '--delete-policy', '--yes'], service);
    expect(await service.policyNames()).toContain('ProxyProtocol-enabled');
    await elbProxyHere(['disable', 'web', '--port', '9443', '--delete-policy', '--yes'], service);
    expect(await service.policyNames()).not.toContain('ProxyProtocol-enabled');
    expect(await service.listOf(9443)).toEqual(['b-auth']);
  });

  it('deletes all of several, also those that were on the port, and undo recreates them', async () => {
    await using service = await startService();
    for (const name of ['p', 'q', 'r']) await service.createPolicy(name);
    await service.setList(8443, ['p', 'z-auth', 'q', 'b-auth']);
    const options = { endpoint: service.endpoint, stateDirectory: await temporaryDirectory() };
    const argv = ['disable', 'web', '--port', '8443', '--delete-policy', '--yes', '-o', 'json'];
    expect((await elbProxyHere(argv, options)).json()).toMatchObject({ outcome: 'applied' });
    expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth']);
    expect(await service.policyNames()).toEqual(['key', 'z-auth', 'b-auth']);
    expect((await elbProxyHere(['undo', '--yes'], options)).code).toBe(0);
    expect(await service.listOf(8443)).toEqual(['p', 'z-auth', 'q', 'b-auth']);
    expect((await service.policyNames()).toSorted()).toEqual(['b-auth', 'key', 'p', 'q', 'r', 'z-auth']);
  });

  it('makes no write call where the PROXY protocol is off', async () => {
    await using service = await startService();
    await using relay = await startRelay(service.endpoint);
    const ran = await elbProxyHere(['disable', 'web', '--all-ports', '--yes'], relay);
    expect(ran.code).toBe(0);
    expect(relay.writes()).toEqual([]);
  });
});

describe('undo', () => {
  it.each([
    { what: 'an enable', prepare: [], change: ['enable', 'web', '--port', '8443,9443'] },
    {
      what: 'a disable',
      prepare: [['enable', 'web', '--port', '8443,9443']],
      change: ['disable', 'web', '--port', '8443,9443'],
    },
    {
      what: 'a disable that deleted the policy',
      prepare: [['enable', 'web', '--port', '8443,9443']],
      change: ['disable', 'web', '--port', '8443,9443', '--delete-policy'],
    },
  ])('restores every list and policy exactly after $what', async ({ prepare, change }) => {
    await using service = await startService();
    const stateDirectory = await temporaryDirectory();
    const options = { endpoint: service.endpoint, stateDirectory };
    for (const argv of prepare) await elbProxyHere([...argv, '--yes'], options);
    const before = {
      lists: [await service.listOf(8443), await service.listOf(9443)],
      policies: (await service.policyNames()).toSorted(),
    };
    expect(await elbProxyHere([...change, '--yes'], options)).toMatchObject({ code: 0 });
    expect([await service.listOf(8443), await service.listOf(9443)]).not.toEqual(before.lists);
    expect(await elbProxyHere(['undo', '--yes'], options)).toMatchObject({ code: 0 });
    expect({
      lists: [await service.listOf(8443), await service.listOf(9443)],
      policies: (await service.policyNames()).toSorted(),
    }).toEqual(before);
  });

  it('does nothing the second time, and an undo can be undone by its name', async () => {
    await using service = await startService();
    const options = { endpoint: service.endpoint, stateDirectory: await temporaryDirectory() };
    await elbProxyHere(['enable', 'web', '--port', '8443', '--yes'], options);
    const first = await elbProxyHere(['undo', '--yes', '-o', 'json'], options);
    const second = await elbProxyHere(['undo', '--yes', '-o', 'json'], options);
    expect(second.json()).toMatchObject({ outcome: 'unchanged' });
    expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth']);
    await elbProxyHere(['undo', first.json().changeId, '--yes'], options);
    expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth', 'ProxyProtocol-enabled']);
  });

  it('does nothing if the newest change is not in effect, and names the older one that is', async () => {
    await using service = await startService();
    const options = { endpoint: service.endpoint, stateDirectory: await temporaryDirectory() };
    const first = await elbProxyHere(['enable', 'web', '--port', '8443', '--yes', '-o', 'json'], options);
    await elbProxyHere(['enable', 'web', '--port', '9443', '--yes'], options);
    expect(await elbProxyHere(['undo', '--yes'], options)).toMatchObject({ code: 0, stderr: '' });
    const again = await elbProxyHere(['undo', '--yes', '-o', 'json'], options);
    expect(again.json()).toMatchObject({ outcome: 'unchanged' });
    expect(again.stderr).toContain(`elb-proxy undo ${first.json().changeId}`);
    expect(await service.listOf(8443)).toContain('ProxyProtocol-enabled');
    await elbProxyHere(['undo', first.json().changeId, '--yes'], options);
    expect(await elbProxyHere(['undo', '--yes'], options)).toMatchObject({ code: 0, stderr: '' });
  });

  it('refuses if someone has changed the list since, and says how to keep that change', async () => {
    await using service = await startService();
    const options = { endpoint: service.endpoint, stateDirectory: await temporaryDirectory() };
    await elbProxyHere(['enable', 'web', '--port', '9443', '--yes'], options);
    await service.setList(9443, ['b-auth', 'ProxyProtocol-enabled', 'z-auth']);
    const ran = await elbProxyHere(['undo', '--yes', '-o', 'json'], options);
    expect(ran.code).toBe(3);
    expect(ran.json().error).toMatchObject({
      code: 'stale-plan',
      hint: expect.stringContaining('elb-proxy disable web --port 9443'),
    });
    expect(await service.listOf(9443)).toEqual(['b-auth', 'ProxyProtocol-enabled', 'z-auth']);
  });

  it('is a plan: --dry-run shows it and writes nothing, --out makes a file that apply carries out', async () => {
    await using service = await startService();
    const stateDirectory = await temporaryDirectory();
    const options = { endpoint: service.endpoint, stateDirectory };
    await elbProxyHere(['enable', 'web', '--port', '8443', '--yes'], options);
    const file = `${stateDirectory}/undo.json`;
    const dry = await elbProxyHere(
      ['undo', '--dry-run', '--out', file, '-o', 'json', '--detailed-exitcode'],
      options,
    );
    expect(dry.code).toBe(2);
    expect(dry.json()).toMatchObject({ action: 'undo', pending: true });
    expect(await service.listOf(8443)).toContain('ProxyProtocol-enabled');
    expect(await elbProxyHere(['apply', file, '--yes'], options)).toMatchObject({ code: 0 });
    expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth']);
    expect((await elbProxyHere(['history', '-o', 'json'], options)).json().changes).toHaveLength(2);
  });
});
