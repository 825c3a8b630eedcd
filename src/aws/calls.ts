/** One HTTP attempt of one API call, for `--debug`. It never holds a header, a body or a credential. */
export interface AwsCall {
  /** `network`: the newer API, whose actions have the names of Classic ones. */
  readonly api?: 'network' | undefined;
  readonly action: string;
  readonly region: string;
  /** The load balancer, or the first of several, if the call names one. */
  readonly loadBalancer?: string | undefined;
  /** 1 for the first attempt. */
  readonly attempt: number;
  readonly maxAttempts: number;
  /** Absent when no answer came. */
  readonly httpStatus?: number | undefined;
  readonly requestId?: string | undefined;
  /** The wire code, or the operating system's code, or the error's name; absent on success. */
  readonly errorCode?: string | undefined;
  /** The service refused the call for its rate. */
  readonly throttled?: true | undefined;
  readonly durationMs: number;
}
