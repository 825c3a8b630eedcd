import type { ElasticLoadBalancing, ElasticLoadBalancingV2 } from '../app/ports.js';
import type { AwsCall } from '../aws/calls.js';
import type { Identity } from '../aws/identity/identity.js';
import type { OpenOptions } from '../aws/open-elastic-load-balancing.js';
import type { CallerAnswer } from '../core/caller.js';
import { messageOf } from '../errors.js';
import type { Context } from './context.js';
import { debugLine } from './debug-line.js';
import type { RunSettings } from './options.js';

/** The caller, and the API of each region. */
type Apis = Pick<
  Context,
  'identity' | 'caller' | 'api' | 'apis' | 'networkApi' | 'alarms' | 'runCommand' | 'throttledCalls'
>;

/** Opens nothing yet; `debug` is given each line of `--debug`. */
export function openApis(
  { regions: [home], profile, endpointUrl, callsPerSecond }: RunSettings,
  { io, prompter, emit }: Pick<Context, 'io' | 'prompter' | 'emit'>,
  debug: (line: string) => void,
): Apis {
  let throttled = 0;
  const onCall = (call: AwsCall): void => {
    if (call.throttled === true) throttled++;
    debug(debugLine(call));
  };
  const { env, stdin, stderr } = io;
  const identity = once(async (): Promise<Identity> => {
    const { openIdentity } = await import('../aws/identity/identity.js');
    return openIdentity({
      region: home,
      profile,
      endpointUrl,
      env,
      onDecided: (text) => debug(`debug: ${text}`),
      ...(stdin.isTerminal && stderr.isTerminal
        ? { askCode: async (serial) => (await prompter())?.type(`MFA code of ${serial}:`) }
        : {}),
    });
  });
  // As in the AWS CLI, a service's endpoint is for that service alone: a mistake would otherwise go unnoticed.
  const sayWhere = once(async (): Promise<void> => {
    const { endpoint } = await identity();
    if (endpoint('elastic_load_balancing') !== undefined) return;
    const source = endpoint('elastic_load_balancing_v2')?.source;
    if (source === undefined) return;
    const message = `Classic Load Balancers are asked for at AWS's own endpoint: ${source} is for Network Load Balancers only. Set AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING for Classic ones.`;
    emit({ code: 'warning', message });
  });
  const ofClassic = async (): Promise<Omit<OpenOptions, 'region'>> => ({
    ...(await shared()),
    onCall: (call) => {
      onCall(call);
      sayWhere().catch(() => undefined);
    },
  });
  const shared = once(async (): Promise<Omit<OpenOptions, 'region'>> => {
    const { makeRateControl } = await import('../aws/rate-control.js');
    return { identity: await identity(), env, onCall, rateControl: makeRateControl(callsPerSecond) };
  });
  const open = async (region: string | undefined): Promise<ElasticLoadBalancing> => {
    const { openElasticLoadBalancing } = await import('../aws/open-elastic-load-balancing.js');
    return openElasticLoadBalancing({ ...(await ofClassic()), region });
  };
  const openNetwork = async (region: string | undefined): Promise<ElasticLoadBalancingV2> => {
    const { openNetworkLoadBalancing } = await import('../aws/network/open-network-load-balancing.js');
    return openNetworkLoadBalancing({ ...(await shared()), region });
  };
  let caller: Promise<CallerAnswer> | undefined;
  return {
    identity,
    caller: (region) => (caller ??= callerOf(identity, region)),
    api: perRegion(open),
    networkApi: perRegion(openNetwork),
    apis: async (regions) => {
      if (regions.length === 0) return [await open(undefined)];
      const { openRegions } = await import('../aws/open-elastic-load-balancing.js');
      return openRegions(await ofClassic(), regions);
    },
    runCommand: async (region) =>
      (await import('../aws/open-run-command.js')).openRunCommand({
        identity: await identity(),
        region,
        onCall,
      }),
    alarms: async () => (await import('../aws/alarms.js')).openAlarms({ identity: await identity(), onCall }),
    throttledCalls: () => throttled,
  };
}

async function callerOf(identity: Context['identity'], region: string | undefined): Promise<CallerAnswer> {
  try {
    const { askCaller } = await import('../aws/caller.js');
    return await askCaller(await identity(), region);
  } catch (error) {
    return { why: messageOf(error), asked: false };
  }
}

/** Opens an API at a region's first call, and gives the same from then on. */
function perRegion<T>(open: (region: string | undefined) => Promise<T>): (region?: string) => Promise<T> {
  const opened = new Map<string | undefined, Promise<T>>();
  return (region) => {
    const api = opened.get(region) ?? open(region);
    opened.set(region, api);
    return api;
  };
}

/** Makes a value at the first call, and gives the same from then on. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
