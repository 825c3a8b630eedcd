import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../helpers/elb-proxy.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { startRelay } from '../helpers/relay.js';
import { startService } from '../helpers/service.js';

const enable = ['enable', 'web', '--port', '8443,9443'];

describe('--output commands', () => {
  it('prints the AWS CLI commands of a plan, with region and endpoint, and the way back as comments', async () => {
    await using service = await startService();
    const ran = await elbProxyHere([...enable, '--dry-run', '-o', 'commands'], service);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    const [forth = '', back = ''] = ran.stdout.split('# The way back');
    const where = `--region us-east-1 --endpoint-url ${service.endpoint}`;
    const commands = forth
      .replaceAll(/ \\\n +/g, ' ')
      .split('\n')
      .filter((line) => line.startsWith('aws '));
    const web = '--load-balancer-name web';
    expect(commands).toEqual([
      `aws elb create-load-balancer-policy ${where} ${web} --policy-name ProxyProtocol-enabled --policy-type-name ProxyProtocolPolicyType --policy-attributes AttributeName=ProxyProtocol,AttributeValue=true &&`,
      `aws elb set-load-balancer-policies-for-backend-server ${where} ${web} --instance-port 8443 --policy-names z-auth b-auth ProxyProtocol-enabled &&`,
      `aws elb set-load-balancer-policies-for-backend-server ${where} ${web} --instance-port 9443 --policy-names b-auth ProxyProtocol-enabled`,
    ]);
    expect(
      back
        .split('\n')
        .slice(1)
        .filter((line) => line !== '' && !line.startsWith('# ')),
    ).toEqual([]);
    expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth']);
  });

  it('works for disable and undo as well', async () => {
    await using service = await startService();
    const options = { endpoint: service.endpoint, stateDirectory: await temporaryDirectory() };
    await elbProxyHere(['enable', 'web', '--port', '9444', '--yes'], options);
    const disable = await elbProxyHere(
      ['disable', 'web', '--port', '9444', '--dry-run', '-o', 'commands'],
      options,
    );
    expect(disable.stdout.replaceAll(/ \\\n +/g, ' ')).toContain(
      '--instance-port 9444 --policy-names "[]"\n',
    );
    const undo = await elbProxyHere(['undo', '--dry-run', '-o', 'commands'], options);
    expect(undo.stdout).toContain('delete-load-balancer-policy');
  });

  it.each([
    [['enable', 'web', '--port', '8443', '--yes'], 'only works with --dry-run'],
    [['undo', '--yes'], 'only works with --dry-run'],
    [['apply', 'plan.json'], 'choose from text, json, markdown'],
    [['status'], 'choose from text, json, markdown'],
    [['policies', 'web'], 'choose from text, json'],
  ])('is refused where no plan is the result: %j', async (argv, why) => {
    await using service = await startService();
    await using relay = await startRelay(service.endpoint);
    const ran = await elbProxyHere([...argv, '-o', 'commands'], relay);
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr.replaceAll(/\s+/g, ' ')).toContain(why);
    expect(relay.calls).toEqual([]);
  });
});
