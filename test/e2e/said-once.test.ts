import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { bin, elbProxy, environmentOf } from '../helpers/elb-proxy.js';
import { startService } from '../helpers/service.js';

// What stops a change is for the report on stdout, and for stderr: on each of them once.

const execute = promisify(execFile);

/** How often a text is there, however its lines are broken. */
function times(text: string, part: string): number {
  return text.replaceAll(/\s+/g, ' ').split(part).length - 1;
}

const seed = {
  loadBalancers: [
    {
      name: 'web',
      listeners: [{ protocol: 'TCP', loadBalancerPort: 443, instancePort: 8443 }],
      healthCheck: { target: 'HTTP:8443/' },
    },
  ],
} as const;

const enable = ['enable', 'web', '--port', '8443', '--yes'];
const blocker = 'the health check HTTP:8443/ carries no PROXY line';

describe('what stops a change is said once on each stream', () => {
  it('where it is a blocker that the plan explains already', async () => {
    await using service = await startService(seed);
    const { code, stdout, stderr } = await elbProxy(enable, service);
    expect(code).toBe(3);
    expect(times(stdout, blocker)).toBe(1);
    expect(stdout).toContain('refused on load balancer web: http-health-check (see the plan above)');
    expect(times(stderr, blocker)).toBe(1);
  });

  it('where it is a blocker, and no plan is shown', async () => {
    await using service = await startService(seed);
    const { code, stdout, stderr } = await elbProxy([...enable, '--quiet'], service);
    expect(code).toBe(3);
    expect([stdout, stderr].map((text) => times(text, blocker))).toEqual([1, 1]);
    expect(stdout).not.toContain('plan above');
  });

  it('where it is a blocker, and results are JSON: the document has it whole', async () => {
    await using service = await startService(seed);
    const ran = await elbProxy([...enable, '-o', 'json'], service);
    expect(ran.json().error).toMatchObject({
      code: 'blocked',
      message: expect.stringContaining(blocker),
      hint: expect.stringContaining('--force http-health-check'),
    });
    expect(times(ran.stderr, blocker)).toBe(1);
  });

  it.each([
    ['a blocker', enable, 3, blocker],
    [
      'a guard',
      [...enable, '--force', 'http-health-check', '--guard', 'tcp'],
      3,
      '(code guard-baseline-failed)',
    ],
  ])('and once in all where both streams end in one place: %s', async (_what, argv, code, said) => {
    await using service = await startService(seed);
    const env = await environmentOf({ endpoint: service.endpoint });
    const { stdout } = await execute(
      'sh',
      ['-c', '"$@" 2>&1; echo "exit $?"', 'sh', process.execPath, bin, ...argv],
      { env },
    );
    expect(stdout).toContain(`exit ${code}\n`);
    expect(times(stdout, said)).toBe(1);
  });
});
