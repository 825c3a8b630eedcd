import { readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { jsonSchemas } from '../../src/render/json/schemas.js';
import { line, pcap, Talk } from '../helpers/capture-files.js';
import { elbProxy, type RunOptions, temporaryDirectory } from '../helpers/elb-proxy.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { checkDocument, schemaOf, shippedSchema } from '../helpers/json-documents.js';
import { startRelay, type Tamper } from '../helpers/relay.js';
import { startService } from '../helpers/service.js';
import { Stage } from '../peers/verify-servers.js';

/** Every document that was read here, under its schema. */
const seen = new Map<string, object[]>();

/** Runs a command for its document, which json() holds to its schema. */
async function documentOf(argv: readonly string[], options: RunOptions = {}) {
  const whole = [...argv, '-o', 'json'];
  const document = (await elbProxyHere(whole, options)).json();
  const name = schemaOf(whole, document) ?? 'none';
  seen.set(name, [...(seen.get(name) ?? []), document]);
  return document;
}

const enable = ['enable', 'web', '--port', '8443'];

describe('each document is as the schema says that ships for it', () => {
  it('what is looked at: status, policies, history', async () => {
    await using service = await startService('demo');
    expect((await documentOf(['status'], service)).loadBalancers).toHaveLength(3);
    expect((await documentOf(['status', 'web'], service)).loadBalancers).toHaveLength(1);
    await documentOf(['status', '--region', 'us-east-1', '--region', 'eu-west-1'], service);
    expect((await documentOf(['policies', 'web'], service)).policies.length).toBeGreaterThan(0);
    expect((await documentOf(['history'], service)).changes).toEqual([]);
    await using relay = await startRelay(service.endpoint, async ({ action }) =>
      action === 'DescribeLoadBalancers' ? { error: 'AccessDenied', status: 403 } : 'pass',
    );
    const failed = await documentOf(['status', '--region', 'us-east-1', '--region', 'eu-west-1'], relay);
    expect(failed.errors).toHaveLength(2);
  });

  it('plans: of an enable, a disable, an undo, and of nothing to do', async () => {
    await using service = await startService();
    const options = { ...service, stateDirectory: await temporaryDirectory() };
    expect((await documentOf([...enable, '--dry-run'], options)).pending).toBe(true);
    await documentOf([...enable, '--yes'], options);
    expect((await documentOf([...enable, '--dry-run'], options)).pending).toBe(false);
    const disable = ['disable', 'web', '--port', '8443', '--delete-policy', '--dry-run'];
    expect((await documentOf(disable, options)).action).toBe('disable');
    expect((await documentOf(['undo', '--dry-run'], options)).undoes).toMatch(/^\d{8}-/);
  });

  it('reports of every outcome, and the history of them', async () => {
    await using service = await startService();
    const stateDirectory = await temporaryDirectory();
    const options = { ...service, stateDirectory };
    const plan = join(stateDirectory, 'plan.json');
    await documentOf([...enable, '--dry-run', '--out', plan], options);
    const outcomes = [
      (await documentOf([...enable, '--yes'], options)).outcome,
      (await documentOf([...enable, '--yes'], options)).outcome,
      (await documentOf(['apply', plan, '--yes'], options)).outcome,
      (await documentOf(['undo', '--yes'], options)).outcome,
    ];
    const failing = async (tamper: Tamper) => {
      await using relay = await startRelay(service.endpoint, tamper);
      return await documentOf([...enable, '--yes'], { ...relay, stateDirectory });
    };
    const denied = { error: 'AccessDenied', status: 403, message: 'no' };
    const back = await failing(async ({ action }) =>
      action === 'SetLoadBalancerPoliciesForBackendServer' ? denied : 'pass',
    );
    let writes = 0;
    const both = [...enable.slice(0, -1), '8443,9443', '--yes'];
    await using relay = await startRelay(service.endpoint, async ({ action }) =>
      action === 'SetLoadBalancerPoliciesForBackendServer' && ++writes > 1 ? denied : 'pass',
    );
    const left = await documentOf(both, { ...relay, stateDirectory });
    expect([...outcomes, back.outcome, left.outcome]).toEqual([
      'applied',
      'unchanged',
      'refused',
      'applied',
      'rolled-back',
      'partial',
    ]);
    const { changes } = await documentOf(['history'], options);
    for (const { changeId } of changes) await documentOf(['history', changeId], options);
    expect(changes.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      'partial',
      'rolled-back',
      'applied',
      'applied',
    ]);
  });

  it('reports with what a guard saw', async () => {
    await using service = await startService();
    await using stage = await Stage.open();
    const target = `127.0.0.1:${await stage.listen(createServer((socket) => socket.end()))}`;
    const argv = [...enable, '--yes', '--guard', 'tcp', '--guard-target', target, '--guard-hold', '1'];
    expect((await documentOf(argv, service)).guard.checks.length).toBeGreaterThan(0);
  });

  it('verdicts on backends and on connections', async () => {
    await using stage = await Stage.open();
    const port = await stage.listen(createServer((socket) => socket.on('data', () => socket.end())));
    const verified = await documentOf(['verify', 'backend', `127.0.0.1:${port}`, '127.0.0.1:1']);
    expect(verified.results).toHaveLength(2);
    const heard = await documentOf(['verify', 'listen', '--port', '0', '--timeout', '0.2']);
    expect(heard.connections).toEqual([]);
    const capture = join(await temporaryDirectory(), 'web.pcap');
    await writeFile(capture, pcap(new Talk().open().send(line).close().frames()));
    const captured = await documentOf(['verify', 'capture', capture, '--port', '8443']);
    expect(captured.connections).toHaveLength(1);
  });

  it('errors of every kind', async () => {
    await using service = await startService();
    const stateDirectory = await temporaryDirectory();
    const plan = join(stateDirectory, 'plan.json');
    await writeFile(plan, '{}');
    const codes = [];
    for (const [argv, options] of [
      [['enable', 'web'], service],
      [['status', 'nope'], service],
      [['enable', 'web', '--port', '70000'], service],
      [['apply', plan, '--yes'], service],
      [['undo', '--yes'], service],
      [['nonsense'], service],
      [['status'], { endpoint: 'http://127.0.0.1:1', env: { AWS_MAX_ATTEMPTS: '1' } }],
      [['verify', 'backend', 'no-port'], service],
      [['schema', 'nonsense'], service],
      [['iam-policy', '--nonsense'], service],
    ] as readonly (readonly [readonly string[], RunOptions])[]) {
      codes.push((await documentOf(argv, options)).error.code);
    }
    expect(new Set(codes)).toContain('LoadBalancerNotFound');
    expect(codes.filter((code) => code === 'usage').length).toBeGreaterThan(3);
    expect(codes).toContain('invalid-plan');
  });

  it('what the commands beside print', async () => {
    await using service = await startService();
    expect((await documentOf(['unlock', 'web'], service)).outcome).toBe('unchanged');
    expect((await documentOf(['haproxy-config', 'web'], service)).config).toContain('frontend');
    expect((await documentOf(['completion', 'bash'])).script).toContain('complete');
    expect((await documentOf(['completion', 'names'])).names).toEqual([]);
    expect((await documentOf(['demo'])).scenes.length).toBeGreaterThan(0);
    const ran = await elbProxy(['local', '--port', '0', '--seed', 'demo', '-o', 'json'], {
      onStart: (child) => {
        child.stdout?.on('data', () => child.kill('SIGINT'));
      },
    });
    seen.set('local', [ran.json()]);
    expect(ran.json().listeners.length).toBeGreaterThan(0);
    expect((await documentOf(['iam-policy'])).Version).toBe('2012-10-17');
    expect((await documentOf(['--help'])).help).toContain('elb-proxy <command>');
    expect((await documentOf(['--version'])).version).toMatch(/^\d/);
  });
});

describe('a schema', () => {
  afterAll(() => seen.clear());

  it('ships for each document, as `elb-proxy schema` prints it', async () => {
    const names = Object.keys(jsonSchemas());
    const shipped = await readdir(new URL('../../dist/schema', import.meta.url));
    expect(shipped.toSorted()).toEqual(names.map((name) => `${name}.schema.json`).toSorted());
    for (const name of names)
      expect((await elbProxyHere(['schema', name])).json(), name).toEqual(shippedSchema(name));
    expect([...seen.keys()].filter((name) => name !== 'none').toSorted()).toEqual(names.toSorted());
  });

  it('refuses each document that lacks a key, has a key of its own, or is of another version', () => {
    for (const [name, [document = {}]] of seen) {
      if (name === 'none') continue;
      const argv = ['help', 'version'].includes(name)
        ? [`--${name}`]
        : [['plan', 'report'].includes(name) ? 'enable' : name];
      expect(() => checkDocument(argv, document)).not.toThrow();
      const { formatVersion: _, ...lacking } = document as Record<string, unknown>;
      for (const wrong of [lacking, { ...document, extra: 1 }, { ...document, formatVersion: 2 }])
        expect(() => checkDocument(argv, wrong), name).toThrow(/does not describe/);
    }
  });
});
