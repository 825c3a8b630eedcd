import type { Greeting } from '../decision.js';
import type { ProbeName } from '../probe.js';
import type { Speech } from '../procedure.js';

/**
 * An exchange that the procedure may ask for, in a batch that is sent whole. `key`: a capital or a digit, the same for
 * each time the same thing is asked for. `when`: a pattern of the shell for what came before it, a key and a class for
 * each connection; see {@link batchOf}.
 */
export interface AskedAhead {
  readonly key: string;
  readonly probe: ProbeName;
  readonly when: string;
  readonly patience: number;
  readonly greeting?: Greeting | undefined;
}

type Entry = readonly [key: string, probe: ProbeName, when: readonly string[], how?: 'patient' | Greeting];

/**
 * The procedure as far as it is known in advance: what is asked for is left out where an answer before it has settled
 * the matter or made it pointless, and what is asked twice keeps its distance. Classes: `h` HTTP, `4` HTTP 400, `t` and
 * `a` a TLS handshake and alert, `b` and `z` other bytes, in text and binary, `y` the reply that was expected, `c` closed
 * and `s` silent; `I` is what came inside TLS. More may be asked for than is needed, and something may be missing: then
 * the verdict is weaker, or none.
 */
export function batchOf(speech: Speech, expectsReply: boolean): readonly AskedAhead[] {
  return entriesOf(speech, expectsReply).flatMap(([key, probe, patterns, how]) =>
    patterns.map((when) => ({
      key,
      probe,
      when,
      patience: how === 'patient' ? 2 : 1,
      ...(how === undefined || how === 'patient' ? {} : { greeting: how }),
    })),
  );
}

function entriesOf(speech: Speech, expectsReply: boolean): readonly Entry[] {
  switch (speech) {
    case 'auto':
      return [
        first,
        ...greeter,
        ...http('N[!bzy]'),
        ...tls('N?A[4csta]B[!h]*', ['N?A[!h]B[4csta]*']),
        ...last,
      ];
    case 'http':
      return [...http(''), ...version2('A[!h]B[!h]*', 'B')];
    case 'tls':
      return [
        ...tls('', ['T?*']),
        ['Y', 'v2+tls', ['T[cs]U[!ta]*']],
        ['X', 'v2+tls', ['*Yt*']],
        ['F', 'v1+tls', ['*Yt*X*']],
      ];
    case 'tcp':
      return [first, ...greeter, ...bare];
    case 'send':
      return [first, ...send(expectsReply ? 'y' : 'h4tabz')];
  }
}

const first: Entry = ['N', 'plain+none', ['*']];

/** It speaks first. A greeting in binary is waited for. */
const greeter: readonly Entry[] = [
  ['G', 'v1+none', ['Nb']],
  ['G', 'v1+none', ['Nz'], 'open'],
  ['R', 'broken+none', ['NbG?']],
  ['R', 'broken+none', ['NzG?'], 'open'],
  ['O', 'plain+word', ['NbG?R?']],
  ['O', 'plain+word', ['NzG?R?'], 'open'],
  ['Q', 'v1+none', ['NbG?R?O?']],
  ['Q', 'v1+none', ['NzG?R?O?'], 'open'],
  ['P', 'broken+none', ['NbG?R?O?Q?']],
  ['P', 'broken+none', ['NzG?R?O?Q?'], 'open'],
];

/** Plain request, behind a line, behind a broken one; again where that settles it. */
function http(before: string): readonly Entry[] {
  const decided = ['*AhBhC[!h]', '*A[!hs]BhC?', '*AcB[4tabz]Cc', '*A[bz]B[cs]C[cs]', '*A[bz]B[bz]C[cs]'];
  const slow = ['*AsBhC?', '*AsBsC[!s]', '*AsB[4tabz]C?'];
  return [
    ['A', 'plain+http', [before]],
    ['B', 'v1+http', [`${before}A?`]],
    ['C', 'broken+http', ['*A?Bh', '*A[bz]B?', '*A?B[bz]', '*AsBs', '*A[cs]B[4ta]']],
    ['W', 'plain+word', ['*AhBhCh']],
    ['E', 'v1+http', ['*W?', '*AhBc']],
    ['E', 'v1+http', ['*AhBs'], 'patient'],
    ['D', 'plain+http', ['*W?E?', '*AhB[cs]E?', ...decided]],
    ['D', 'plain+http', slow, 'patient'],
    ['E', 'v1+http', ['*C?D?']],
  ];
}

/** A handshake plainly and behind a line, and a line inside. */
function tls(plain: string, line: readonly string[]): readonly Entry[] {
  return [
    ['T', 'plain+tls', [plain]],
    ['U', 'v1+tls', line],
    ['F', 'v1+tls', ['*Tt*Us'], 'patient'],
    ['J', 'tls+v1', ['*TtI[4csa]U[!ts]', '*TtI[4csa]UsF[!t]', '*B[bz]*TtI[4csa]']],
    ['L', 'tls+broken', ['*JtI?']],
    ['K', 'broken+tls', ['*Ua']],
    [
      'F',
      'v1+tls',
      ['*Tt*UtI?', '*Tt*Ut', '*Tt*U[ch]*', '*T[!t]*UtI?', '*T[!t]*Ut', '*TaU[cs]', '*TaUaK?', '*TcUaK?'],
    ],
    ['P', 'plain+tls', ['*Ts*Ut*F*'], 'patient'],
    ['P', 'plain+tls', ['*Tt*U[tcsh]*F*', '*T[!ts]*Ut*F*', '*TaU?*F*', '*TcUaK?F?']],
  ];
}

/** Lines alone, where neither HTTP nor TLS gave an answer. */
const last: readonly Entry[] = [
  [
    'H',
    'v1+none',
    [
      '*A[!s]*T[!ta]U[!ta]',
      '*B[!s]*T[!ta]U[!ta]',
      '*C[!s]*T[!ta]U[!ta]',
      '*B[bz]*T[!ta]',
      '*A[bz]B[!bz]*U[!ta]',
      '*A[bz]B[bz]C[bz]',
    ],
  ],
  ['V', 'v2+http', ['*Hc']],
  ['M', 'v2+http', ['*Vh']],
  ['Y', 'v2+tls', ['*Tc*HcV[!h]']],
  ['X', 'v2+tls', ['*Yt*']],
  ['R', 'broken+none', ['*H[!c4h]']],
  ['O', 'plain+word', ['*H[btaz]R?', '*A[!c]*HsRc', '*AcB[!c]*HsRc', '*TcU[!c]*HsRc']],
  ['1', 'plain+byte', ['*AcBc*TcUc*HsRc', '*AcBc*T[!c]*HsRc']],
  ['Q', 'v1+none', ['*H4', '*VhM?', '*YtI?X*', '*O?', '*1?']],
  ['P', 'broken+none', ['*R?*Q?']],
  ['D', 'plain+http', ['*A[bz]B[bz]C[bz]*']],
  ['E', 'v1+http', ['*A[bz]B[bz]C[bz]*D?*']],
];

/** The same of `--app tcp`. */
const bare: readonly Entry[] = [
  ['H', 'v1+none', ['N[!bzy]']],
  ['R', 'broken+none', ['*H[!c4h]']],
  ['A', 'plain+http', ['*H[bzta]R[bzta]']],
  ['B', 'v1+http', ['*A?']],
  ['C', 'broken+http', ['*A?B?']],
  ['1', 'plain+byte', ['*HsRc']],
  ['O', 'plain+word', ['*H[bzta]R?*', '*HsRc1[!c]']],
  ['D', 'plain+http', ['*A?B?C?O?']],
  ['Q', 'v1+none', ['*H4', '*H?R?O?', '*Rc1?', '*1?O?']],
  ['P', 'broken+none', ['*Q?']],
];

function version2(when: string, line: string): readonly Entry[] {
  return [
    ['V', 'v2+http', [when]],
    ['M', 'v2+http', ['*Vh']],
    ['E', 'v1+http', [`*${line}*VhM?`]],
  ];
}

/** The user's own bytes. `r`: the classes that count as a reply. */
function send(r: string): readonly Entry[] {
  const [quiet, greets] = ['N[!bzy]', 'N[bzy]'];
  return [
    ['A', 'plain+send', [quiet]],
    ['A', 'plain+send', [greets], 'lead'],
    ['B', 'v1+send', [`${quiet}A[${r}]`]],
    ['B', 'v1+send', [`${greets}A?`, `${quiet}A[!${r}]`], 'lead'],
    ['C', 'broken+send', [`${quiet}A[${r}]B[${r}]`]],
    ['C', 'broken+send', [`*B[${r}]`], 'lead'],
    ['V', 'v2+send', [`*A[!${r}]B[!${r}]`], 'lead'],
    ['M', 'v2+send', [`*V[${r}]`], 'lead'],
    ['E', 'v1+send', [`${quiet}A[${r}]B[!${r}]`]],
    ['D', 'plain+send', [`${quiet}*B[${r}]C?`, `${quiet}A[${r}]B[!${r}]E?`]],
    ['D', 'plain+send', [`${greets}*B[${r}]C?`, `${greets}A?B[!${r}]`], 'lead'],
    ['E', 'v1+send', [`${quiet}A[${r}]*D?`]],
    ['E', 'v1+send', [`${quiet}A[!${r}]*D?`, `${greets}*D?`, '*M?'], 'lead'],
  ];
}
