/** Other tools' command names, each with its equivalent here. */
const commands: Readonly<Record<string, string>> = {
  list: 'elb-proxy status',
  ls: 'elb-proxy status',
  get: 'elb-proxy status NAME',
  describe: 'elb-proxy status NAME, or elb-proxy policies NAME',
  show: 'elb-proxy status NAME, or elb-proxy history',
  ports: 'elb-proxy status',
  plan: 'elb-proxy enable NAME --port N --dry-run (or disable)',
  diff: 'elb-proxy enable NAME --port N --dry-run (or disable)',
  preview: 'elb-proxy enable NAME --port N --dry-run (or disable)',
  on: 'elb-proxy enable NAME --port N',
  off: 'elb-proxy disable NAME --port N',
  add: 'elb-proxy enable NAME --port N',
  set: 'elb-proxy enable NAME --port N, or elb-proxy disable NAME --port N',
  remove: 'elb-proxy disable NAME --port N',
  delete: 'elb-proxy disable NAME --port N --delete-policy',
  rm: 'elb-proxy disable NAME --port N',
  rollback: 'elb-proxy undo',
  revert: 'elb-proxy undo',
  restore: 'elb-proxy undo',
  log: 'elb-proxy history',
  check: 'elb-proxy status NAME --expect enabled, or elb-proxy verify backend HOST:PORT',
  probe: 'elb-proxy verify backend HOST:PORT',
  listen: 'elb-proxy verify listen --port N',
  backend: 'elb-proxy verify backend HOST:PORT',
  capture: 'elb-proxy verify capture FILE --port N',
  pcap: 'elb-proxy verify capture FILE --port N',
  tcpdump: 'elb-proxy verify capture FILE --port N',
  serve: 'elb-proxy local',
  man: 'elb-proxy help',
  topics: 'elb-proxy help',
};

/** Other tools' option names, each with its equivalents here. The first one that the command takes is meant. */
const options: Readonly<Record<string, readonly string[]>> = {
  json: ['output json'],
  format: ['output'],
  all: ['all-ports', 'all-regions'],
  dry: ['dry-run'],
  dryrun: ['dry-run'],
  plan: ['dry-run'],
  'auto-approve': ['yes'],
  approve: ['yes'],
  'assume-yes': ['yes'],
  'no-prompt': ['yes'],
  'instance-port': ['port'],
  p: ['port', 'profile'],
  r: ['region'],
  n: ['dry-run'],
  f: ['force'],
  j: ['output json'],
  endpoint: ['endpoint-url'],
  v: ['debug'],
  verbose: ['debug'],
  filter: ['tag', 'only'],
  tags: ['tag'],
};

/** Other tools' options for values that are positional arguments here. */
const names = ['load-balancer-name', 'load-balancer-names', 'load-balancer', 'elb', 'name', 'names', 'lb'];

const byName = 'the name is given without an option: elb-proxy COMMAND NAME';

/** The equivalent of another tool's command; undefined for unknown words. */
export function commandMeant(word: string): string | undefined {
  const known = word.toLowerCase();
  return Object.hasOwn(commands, known) ? commands[known] : undefined;
}

/** The equivalent of another tool's option (without dashes), as the beginning of a hint; undefined if there is none. */
export function optionMeant(option: string, taken: readonly string[]): string | undefined {
  const known = option.toLowerCase();
  if (names.includes(known)) return byName;
  const found = (Object.hasOwn(options, known) ? (options[known] ?? []) : []).filter((meant) =>
    taken.includes(meant.split(' ')[0] ?? ''),
  );
  if (found.length > 0) return `in elb-proxy it is ${found.map((name) => `--${name}`).join(' or ')}`;
  return known === 'n' ? byName : undefined;
}
