import { nextCommand } from '../core/next-command.js';
import type { ApiKind } from './answer.js';
import type { BesideService } from './custom-endpoint.js';
import { type Endpoint, variableOf } from './identity/endpoint.js';
import { plainText } from './plain-text.js';

/** The call that failed, for the message. */
export interface CallContext {
  /** `network`: the newer API, of Network Load Balancers. */
  readonly api?: ApiKind | undefined;
  /** Another service than the load balancing API. */
  readonly service?: BesideService | undefined;
  readonly action: string;
  readonly region: string;
  readonly endpoint?: Endpoint | undefined;
  /** The load balancers that the call named; none for a listing. */
  readonly names?: readonly string[] | undefined;
  readonly policy?: string | undefined;
  readonly instancePort?: number | undefined;
  /** The target group that the call named: its name, or its ARN if that is not known. */
  readonly targetGroup?: string | undefined;
}

/** The way out of a failure, by the service's wire code or this tool's own; undefined if there is nothing to add. */
export function hintFor(
  code: string,
  { api = 'classic', service, action, region, endpoint, names = [] }: CallContext,
): string | undefined {
  switch (code) {
    case 'AccessDenied':
    case 'AccessDeniedException':
    case 'UnauthorizedOperation':
      return `the caller lacks the IAM action elasticloadbalancing:${action}; elb-proxy iam-policy prints a policy that has it`;
    case 'LoadBalancerNotFound': {
      const where = endpoint ? ` at ${plainText(endpoint.url, 200)}` : '';
      const kind = api === 'network' ? 'Network' : 'Classic';
      return `region ${region}${where} was asked for ${kind} Load Balancers. List those of both kinds with: ${nextCommand('status', [], { region })}`;
    }
    case 'ExpiredToken':
    case 'ExpiredTokenException':
      return 'the credentials have expired: log in again (aws sso login) or renew AWS_SESSION_TOKEN';
    case 'InvalidClientTokenId':
    case 'UnrecognizedClientException':
    case 'AuthFailure':
    case 'MissingAuthenticationToken':
      return `the access key is unknown to ${region}: check it with aws sts get-caller-identity, and that this region is enabled for the account`;
    case 'OptInRequired':
      return `region ${region} is not enabled for the account, or the account is not signed up for the service`;
    case 'SignatureDoesNotMatch':
    case 'IncompleteSignature':
      return "check AWS_SECRET_ACCESS_KEY (or the profile's), and that this machine's clock is right";
    case 'RequestExpired':
    case 'RequestTimeTooSkewed':
      return "check this machine's clock: the service accepts a request only within a few minutes of its own time";
    case 'DependencyThrottle':
    case 'RequestLimitExceeded':
    case 'Throttling':
    case 'ThrottlingException':
      return 'the account is over its call rate in this region: wait a minute and try again; AWS_MAX_ATTEMPTS sets how often a call is tried';
    case 'TargetGroupNotFound':
      return `it may have been deleted. List the target groups with: ${nextCommand(
        'status',
        names.map((name) => plainText(name, 100)),
        { region },
      )}`;
    case 'InvalidAction':
      return endpoint && `${plainText(endpoint.url, 200)} does not offer ${action}`;
    case 'TooManyPolicies':
      return `delete a policy that no port uses; see where each is attached with: ${nextCommand('policies', [names[0] ?? 'NAME'], { region })}`;
    case 'DuplicatePolicyName':
      return 'a policy of that name with different contents exists: choose another with --policy-name';
    case 'PolicyNotFound':
      return names[0] === undefined
        ? undefined
        : `list its policies with: ${nextCommand('policies', [plainText(names[0], 100)], { region })}`;
    case 'certificate':
      return endpoint
        ? `if its certificate comes from your own CA, set AWS_CA_BUNDLE (or the profile's ca_bundle) to a file with that CA's certificate; or remove ${endpoint.source} to use AWS's own endpoint`
        : "something between here and AWS, such as a proxy, presents its own certificate: set AWS_CA_BUNDLE (or the profile's ca_bundle) to a file with its CA's certificate";
    case 'unreachable-endpoint':
    case 'timeout':
    case 'connection-lost': {
      const own = service ?? (api === 'network' ? 'elastic_load_balancing_v2' : undefined);
      const network = `check the network, and that ${region} is the region's name. HTTPS_PROXY, NO_PROXY and AWS_CA_BUNDLE are honoured: check them, too.`;
      if (own !== undefined)
        return endpoint
          ? `check that the API runs there, or set ${variableOf(own)} to where it does`
          : `${network} If it has another endpoint for you, set ${variableOf(own)}.`;
      return endpoint
        ? `check that the API runs there, or remove ${endpoint.source} to use AWS's own endpoint`
        : network;
    }
    case 'not-tls':
      return endpoint
        ? `try ${plainText(endpoint.url.replace(/^https:/i, 'http:'), 200)} in ${endpoint.source}`
        : "something between here and AWS answers instead: a proxy or the network's login page";
    case 'not-an-elb-api':
      return endpoint
        ? `check ${endpoint.source}: it must name a server of the Elastic Load Balancing API ${api === 'network' ? '2015-12-01' : '2012-06-01'} (elb-proxy local is one)`
        : "something between here and AWS answers instead: a proxy or the network's login page";
    case 'proxy-authentication':
      return 'the proxy wants credentials: put a user name and password into HTTPS_PROXY (HTTP_PROXY for a plain endpoint), as http://user:password@host:port';
    case 'incomplete-answer':
      return endpoint
        ? `check what ${plainText(endpoint.url, 200)} answers with --debug; a missing field is not treated as an empty one`
        : 'try again in a minute; a missing field is not treated as an empty one';
    case 'service-error':
      return endpoint
        ? "see that server's log"
        : 'try again in a minute; the AWS Health Dashboard shows outages';
    default:
      return undefined;
  }
}
