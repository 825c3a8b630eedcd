/** What each benchmark is to reach, beside what it has. A goal that is missed fails nothing; README.md says why. */

/** A goal: `figure` is undefined where its peer is not on this machine. */
const atMost = (what, limit, figure) => ({
  what,
  limit,
  atMost: true,
  figure,
  met: met(figure, figure <= limit),
});
const atLeast = (what, limit, figure) => ({
  what,
  limit,
  atMost: false,
  figure,
  met: met(figure, figure >= limit),
});
const met = (figure, holds) => (figure === undefined ? 'not measured' : holds ? 'met' : 'missed');

const named = (rows, name) => rows.find((row) => row.name === name);

/** Each benchmark's goals, from its results. */
export const goalsOf = {
  'start-up': ({ rows, statusOfAws, historyOfNone }) => [
    atMost('--version, × node -e 0', 1.25, named(rows, 'elb-proxy --version')?.ofNode),
    atMost('--help, × node -e 0', 1.7, named(rows, 'elb-proxy --help')?.ofNode),
    atMost('status web, × node -e 0', 3, named(rows, 'elb-proxy status web')?.ofNode),
    atMost('status web, × aws elb describe-load-balancers', 0.3, statusOfAws),
    atMost('history of 1,000 changes, × of none', 1.5, historyOfNone.some),
    atMost('history of 10,000 changes, × of none', 1.5, historyOfNone.many),
  ],
  enable: ({ ofAws }) => [atMost('a complete enable, × three aws elb commands', 0.3, ofAws)],
  gap: ({ rows }) =>
    rows.map((row) => atMost(`ms from the last read to the write, ${row.name}`, 5, row.median)),
  memory: ({ rows }) => [
    atMost('peak memory of status web, × node -e 0', 1.4, named(rows, 'elb-proxy status web')?.ofNode),
  ],
  decoder: ({ rows }) => [
    ...rows.map(({ name, ratio }) => atLeast(`${name}, × as fast as the fastest library`, 1.3, ratio)),
    ...rows
      .filter(({ name }) => name.startsWith('v1'))
      .map(({ name, overHandLoop }) => atMost(`${name}, × a hand loop that checks nothing`, 2, overHandLoop)),
  ],
  adapter: ({ rows: [kept, each] }) => [
    atLeast('requests over kept connections, × the bare server', 0.97, kept.ofBare),
    atLeast('requests with a connection each, × the bare server', 0.9, each.ofBare),
  ],
  'data-plane': ({ rows, memory }) => [
    atLeast('bytes to the client, × HAProxy', 0.6, named(rows, 'bytes to the client')?.ofPeer),
    atLeast('bytes to the backend, × HAProxy', 0.6, named(rows, 'bytes to the backend')?.ofPeer),
    atLeast('connections, × HAProxy', 0.4, named(rows, 'connections')?.ofPeer),
    ...rows.flatMap(({ name, ofVersion1, processorOfVersion1 }) => [
      atLeast(`${name}, version 2 × version 1`, 0.95, ofVersion1),
      atMost(`the same in processor time`, 1.05, processorOfVersion1),
    ]),
    ...Object.entries(memory).map(([kind, fifths]) =>
      atMost(
        `memory after the last fifth of the connections, × after the first, ${kind}`,
        1.2,
        fifths.length === 0 ? undefined : fifths.at(-1).residentMB / fifths[0].residentMB,
      ),
    ),
  ],
  fleet: ({ rows }) => [
    atMost('time a load balancer of the largest fleet, × of the smallest', 1.2, rows.at(-1).ofSmallest),
    ...rows.flatMap(({ size, loopOfOwn, botoOfOwn }) => [
      atLeast(`${size} load balancers, × as fast as a shell loop over aws elb`, 100, loopOfOwn),
      atLeast(`${size} load balancers, × as fast as boto3 in one process`, 1, botoOfOwn),
    ]),
  ],
  'verify-backend': ({ rows }) => [
    ...rows.map(({ name, ofFloor }) =>
      atLeast(`targets a second, ${name}, × bare connections`, 0.5, ofFloor),
    ),
    ...rows
      .filter(({ ofFirst }) => ofFirst !== undefined)
      .map(({ name, ofFirst }) => atLeast(`targets a second, ${name}, × --app http`, 0.8, ofFirst)),
  ],
};
