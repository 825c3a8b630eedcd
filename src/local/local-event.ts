/** An event that the local service reports while it runs. The library itself prints nothing. */
export type LocalEvent =
  | {
      readonly kind: 'request';
      readonly service:
        | 'elasticloadbalancing'
        | 'elasticloadbalancingv2'
        | 'ec2'
        | 'sts'
        | 'cloudwatch'
        | 'ssm';
      /** Empty when the request named none. */
      readonly action: string;
      readonly region: string;
      readonly requestId: string;
      /** The HTTP status. */
      readonly status: number;
      /** The wire code of an error. */
      readonly code?: string;
      /** From the request's arrival to its answer, in milliseconds. */
      readonly ms: number;
    }
  | {
      readonly kind: 'warning';
      /** `ListenerNotOpened`: a load balancer's port could not be bound; the API call that asked for it succeeds. */
      readonly code: 'StateNotSaved' | 'ListenerNotOpened' | 'DataPlane' | 'InternalFailure';
      readonly message: string;
    };

/** Receives events. */
export type OnLocalEvent = (event: LocalEvent) => void;
