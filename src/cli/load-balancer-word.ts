import { shellWord } from '../core/next-command.js';

/** A load balancer that was given by something else than its name. */
export interface OtherWord {
  /** A noun for it: `an ARN`. */
  readonly what: string;
  /** Its name, if the word has it and it can be a Classic or a Network Load Balancer's. */
  readonly name?: string | undefined;
  readonly region?: string | undefined;
  /** The reason why it can't be worked on, if known. */
  readonly objection?: string | undefined;
}

const kinds: Readonly<Record<string, string>> = {
  app: 'an Application Load Balancer, which adds X-Forwarded-For and has no PROXY protocol',
  gwy: 'a Gateway Load Balancer, which has no PROXY protocol',
};

/** An ARN, DNS name or console URL given for a name; undefined for letters, digits and dashes: a name has no others. */
export function readLoadBalancerWord(word: string): OtherWord | undefined {
  return ofUrl(word) ?? ofArn(word) ?? ofDnsName(word);
}

/** The hint: what to type instead of such a word. */
export function hintFor({ name, region, objection }: OtherWord, command: string): string {
  if (objection !== undefined) return objection;
  if (name === undefined) return "give the load balancer's name";
  const where = region === undefined ? '' : ` --region ${shellWord(region)}`;
  return `give its name: elb-proxy ${command} ${shellWord(name)}${where}`;
}

function ofArn(word: string): OtherWord | undefined {
  if (!word.startsWith('arn:')) return undefined;
  const [, , service, region, , ...rest] = word.split(':');
  const [type, ...path] = rest.join(':').split('/');
  if (service !== 'elasticloadbalancing')
    return {
      what: 'an ARN',
      objection: "it is not the ARN of a load balancer; give the load balancer's name",
    };
  if (type === 'targetgroup')
    return {
      what: 'the ARN of a target group',
      objection: "give the load balancer's name; enable and disable take the group with --target-group",
    };
  const [first = '', second] = path;
  const kind = second === undefined ? undefined : kinds[first];
  if (kind !== undefined) return { what: 'an ARN', region, objection: `${second ?? ''} is ${kind}` };
  if (first === 'net') return { what: 'an ARN', name: second, region };
  return { what: 'an ARN', name: first === '' ? undefined : first, region };
}

/** Classic: `NAME-1234567890.REGION.elb.amazonaws.com`; Network: `NAME-0123456789abcdef.elb.REGION.amazonaws.com`. */
function ofDnsName(word: string): OtherWord | undefined {
  const host = word.toLowerCase().replace(/\.$/, '').replace(/:\d+$/, '');
  const network = /^([a-z0-9-]+)-[0-9a-f]{16}\.elb\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/.exec(host);
  if (network !== null)
    return { what: 'a DNS name', name: word.slice(0, network[1]?.length), region: network[2] };
  const classic =
    /^(?:dualstack\.|ipv6\.)?(?:internal-)?([a-z0-9-]+)-\d+\.([a-z0-9-]+)\.elb\.amazonaws\.com(?:\.cn)?$/.exec(
      host,
    );
  if (classic === null) return host.includes('.') ? { what: "not a load balancer's name" } : undefined;
  const given = word.replace(/^(?:dualstack\.|ipv6\.)/i, '').replace(/^internal-/i, '');
  return { what: 'a DNS name', name: given.slice(0, classic[1]?.length), region: classic[2] };
}

/** The console's `…#LoadBalancer:loadBalancerArn=ARN` and `…#LoadBalancers:search=NAME`, with their region. */
function ofUrl(word: string): OtherWord | undefined {
  if (!/^https?:\/\//i.test(word)) return undefined;
  const text = decoded(word);
  const [arn] = /arn:[^;&\s]+/.exec(text) ?? [];
  const region = /[?&]region=([a-z0-9-]+)/.exec(text)?.[1];
  if (arn !== undefined) return { ...ofArn(arn), what: 'a console URL' };
  const name = /(?:search|loadBalancerName|loadBalancerArn)=:?([A-Za-z0-9-]+)/.exec(text)?.[1];
  if (name !== undefined) return { what: 'a console URL', name, region };
  const host = /^https?:\/\/([^/?#]+)/i.exec(word)?.[1] ?? '';
  const { what: _, ...found } = ofDnsName(host) ?? { what: '' };
  return { what: 'a URL', region, ...found };
}

function decoded(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
}
