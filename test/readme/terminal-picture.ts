import { startLocal } from '../../src/local/index.js';
import { elbProxy } from '../helpers/elb-proxy.js';
import { terminalSvg } from './terminal-svg.js';

/** Where the README's picture is. */
export const picturePath = 'test/readme/terminal.svg';

/** The README's picture, made from a run of the real program against the demo's load balancers. */
export async function terminalPicture(): Promise<string> {
  await using service = await startLocal({ port: 0, seed: 'demo', dataPlane: false });
  const argv = ['enable', 'web', '--port', '8443', '--dry-run'];
  const { code, stdout, stderr } = await elbProxy(argv, {
    endpoint: service.endpoint,
    env: { FORCE_COLOR: '1' },
  });
  if (code !== 0) throw new Error(stderr);
  const command = `elb-proxy ${argv.join(' ')}`;
  return terminalSvg('elb-proxy', `\u001b[32m$\u001b[39m \u001b[1m${command}\u001b[22m\n${stdout}`);
}
