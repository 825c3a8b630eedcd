/** Who acts, as STS GetCallerIdentity says. */
export interface Caller {
  /** Twelve digits. */
  readonly accountId: string;
  /** A role's ARN holds the session's name, which differs in each run. */
  readonly arn: string;
}

/** The caller, or in a few words why it is not known. */
export type CallerAnswer =
  | { readonly caller: Caller; readonly why?: undefined }
  | {
      readonly caller?: undefined;
      readonly why: string;
      /** Whether STS was asked at all. */
      readonly asked: boolean;
    };

/** Where and as whom a run works. */
export interface Place {
  /** Absent if it is not known. */
  readonly caller?: Caller | undefined;
  /** Absent if AWS's own is asked. */
  readonly endpoint?: string | undefined;
}

/** Whether two callers certainly belong to different accounts. An unknown account never counts as different. */
export function otherAccount(a: Caller | undefined, b: Caller | undefined): boolean {
  return a !== undefined && b !== undefined && a.accountId !== b.accountId;
}

/** Whether two endpoints are the same, however they are written; absent means AWS's own. */
export function sameEndpoint(a: string | undefined, b: string | undefined): boolean {
  return serviceAt(a) === serviceAt(b);
}

/** Whether an endpoint is AWS's own: then only the account decides which load balancers it has. */
export function isOfAws(endpoint: string | undefined): boolean {
  return serviceAt(endpoint) === 'AWS';
}

/** AWS has its service at many addresses: public, FIPS, dual-stack, and in each VPC. */
const ofAws =
  /(?:^|\.)elasticloadbalancing(?:-fips)?\.(?:[a-z0-9-]+\.)*(?:amazonaws\.com(?:\.cn)?|api\.aws|api\.amazonwebservices\.com\.cn)$/;

/** Host names ignore letter case, ports have a default, and a path may end in slashes. A text that is not a URL is kept. */
function serviceAt(endpoint: string | undefined): string {
  if (endpoint === undefined) return 'AWS';
  if (!URL.canParse(endpoint)) return endpoint;
  const { hostname, href } = new URL(endpoint);
  return ofAws.test(hostname) ? 'AWS' : href.replace(/\/+$/, '');
}

/** `account 123456789012, endpoint http://127.0.0.1:4580`; empty if neither is known. */
export function placeWords({ caller, endpoint }: Place): string {
  return [
    ...(caller === undefined ? [] : [`account ${caller.accountId}`]),
    ...(endpoint === undefined ? [] : [`endpoint ${endpoint}`]),
  ].join(', ');
}
