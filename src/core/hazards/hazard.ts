/** A `blocker` stops `enable` unless it is forced; a `warning` and a `note` are only said. */
export type HazardLevel = 'blocker' | 'warning' | 'note';

/** Something to know before a change: what happens, and what to do about it. */
export interface HazardOf<Code extends string> {
  /** Stable: scripts and `--force` name it. */
  readonly code: Code;
  readonly level: HazardLevel;
  /** Absent if the hazard concerns the whole load balancer. */
  readonly instancePort?: number | undefined;
  /** The target group of a Network Load Balancer, by its name. */
  readonly targetGroup?: string | undefined;
  /** One line: what happens. */
  readonly message: string;
  /** One line: what to do. */
  readonly advice: string;
}

/** The change, or the status, that the hazards are about. */
export interface HazardQuestion {
  /** `on`, `off`: the switch that is about to happen on some of the ports; `status`: none, for what `enable` would raise. */
  readonly purpose: 'on' | 'off' | 'status';
  readonly instancePorts: readonly number[];
  /** Whether instances' health and tags were asked for, so that an absent answer means "not known". */
  readonly asked: boolean;
}

/** The same for the hazards of a Network Load Balancer; see {@link HazardQuestion}. */
export interface NetworkHazardQuestion extends Pick<HazardQuestion, 'purpose' | 'asked'> {
  /** ARNs. */
  readonly targetGroups: readonly string[];
}

/** The way out of a failed read: only a denied one is a missing permission. */
export function readAgain(action: string, code: string | undefined): string {
  if (code === undefined || /AccessDenied|Unauthori[sz]ed|NotAuthorized/.test(code))
    return `allow elasticloadbalancing:${action}`;
  return `read again; it failed with ${code}, which is not a missing permission`;
}

/** Makes the hazards of one subject: about an instance port, a target group by name, or the whole load balancer. */
export function hazardsWith<Code extends string>(levels: Readonly<Record<Code, HazardLevel>>) {
  return (
    code: Code,
    about: number | string | undefined,
    message: string,
    advice: string,
  ): HazardOf<Code> => ({
    code,
    level: levels[code],
    ...(typeof about === 'number' ? { instancePort: about } : {}),
    ...(typeof about === 'string' ? { targetGroup: about } : {}),
    message,
    advice,
  });
}
