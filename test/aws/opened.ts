import type { ElasticLoadBalancing } from '../../src/app/ports.js';
import { type OpenOptions, openElasticLoadBalancing } from '../../src/aws/open-elastic-load-balancing.js';
import { ElbProxyError } from '../../src/errors.js';

// Otherwise the SDK prints a notice about Node.js 20 at its first use.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

/** An environment that points nowhere near the developer's own files. */
export const bareEnv = {
  AWS_CONFIG_FILE: '/nonexistent/config',
  AWS_SHARED_CREDENTIALS_FILE: '/nonexistent/credentials',
};

/** What a test has put into the environment with `vi.stubEnv`. */
function keysOfTest(): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('AWS_')));
}

/** Opens the API at a URL. */
export function opened(
  url: string | undefined,
  more: Partial<OpenOptions> = {},
): Promise<ElasticLoadBalancing> {
  return openElasticLoadBalancing({
    region: 'us-east-1',
    endpointUrl: url,
    timeouts: { connect: 2_000, request: 5_000 },
    ...more,
    env: { ...keysOfTest(), ...(more.env ?? bareEnv) },
  });
}

/** All pages of a listing as names. */
export async function namesOf(
  elb: ElasticLoadBalancing,
  asked?: readonly string[],
): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const page of elb.describeLoadBalancers(asked)) names.push(...page.map(({ name }) => name));
  return names;
}

/** What a promise is rejected with, which must be an ElbProxyError. */
export async function rejection(promise: Promise<unknown>): Promise<ElbProxyError> {
  const error = await promise.then(
    () => new Error('nothing was thrown'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof ElbProxyError) return error;
  throw error;
}
