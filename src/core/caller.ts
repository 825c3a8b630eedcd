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
  /** Absent where it is not known. */
  readonly caller?: Caller | undefined;
  /** Absent where AWS's own is asked. */
  readonly endpoint?: string | undefined;
}

/** Whether two callers are certainly of different accounts. What is not known differs from nothing. */
export function otherAccount(a: Caller | undefined, b: Caller | undefined): boolean {
  return a !== undefined && b !== undefined && a.accountId !== b.accountId;
}

/** Whether two endpoints are one, however they are written; absent is AWS's own. */
export function sameEndpoint(a: string | undefined, b: string | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && normal(a) === normal(b));
}

/** Host names have no letter case, ports a default, and a path may end in a slash. What is not a URL stays as it is. */
function normal(endpoint: string): string {
  return URL.canParse(endpoint) ? new URL(endpoint).href.replace(/\/+$/, '') : endpoint;
}

/** `account 123456789012, endpoint http://127.0.0.1:4580`; empty where neither is known. */
export function placeWords({ caller, endpoint }: Place): string {
  return [
    ...(caller === undefined ? [] : [`account ${caller.accountId}`]),
    ...(endpoint === undefined ? [] : [`endpoint ${endpoint}`]),
  ].join(', ');
}
