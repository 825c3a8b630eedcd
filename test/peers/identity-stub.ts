import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { generate } from 'selfsigned';

/** A signed call, or one that gave out keys: what the two tools are compared by. */
export interface Call {
  readonly action: string;
  /** The host that was asked; `stub` for an address of this machine. */
  readonly host: string;
  readonly key: string;
  readonly region: string;
  readonly token: string;
  readonly proxied: boolean;
  /** Of an MFA device. */
  readonly code?: string;
}

/** One server for all that AWS would answer, under AWS's own names by way of a proxy, and under loopback addresses. */
export interface IdentityStub {
  readonly http: string;
  readonly https: string;
  readonly proxy: string;
  /** Its certificate, which signed itself. */
  readonly certificate: string;
  readonly calls: Call[];
  /** What the proxy was asked: targets and its user's name and password. */
  readonly asked: { readonly target: string; readonly authorization: string | undefined }[];
  /** The answer to every CONNECT; 200 at first. */
  connectStatus: number;
  readonly close: () => Promise<void>;
}

/** The address that the proxy's own connections come from. */
const proxySource = '127.0.0.9';
const secret = 'SECRETVALUE';

export async function startIdentityStub(): Promise<IdentityStub> {
  const calls: Call[] = [];
  const asked: { target: string; authorization: string | undefined }[] = [];
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'stub' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          ...['us-east-1', 'us-west-2', 'eu-west-1', 'portal.sso.us-east-1', 'oidc.us-east-1'].flatMap((of) =>
            ['sts', 'elasticloadbalancing', 'elasticloadbalancing-fips', 'sts-fips'].map(
              (service) =>
                ({
                  type: 2,
                  value: of.includes('.') ? `${of}.amazonaws.com` : `${service}.${of}.amazonaws.com`,
                }) as const,
            ),
          ),
          { type: 2, value: 'sts.amazonaws.com' },
          { type: 2, value: 'elasticloadbalancing.us-east-1.api.aws' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    void text(request).then((body) => answer(request, body, response, calls));
  };
  const plain = createServer(handle);
  const tls = createTlsServer({ cert, key }, handle);
  const open = new Set<Socket>();
  const proxy = createServer();
  proxy.on('connect', (request, client: Socket) => {
    open.add(client);
    asked.push({ target: request.url ?? '', authorization: request.headers['proxy-authorization'] });
    if (stub.connectStatus !== 200) {
      client.end(`HTTP/1.1 ${stub.connectStatus} No\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const upstream = connect({ host: '127.0.0.1', port: portOf(tls), localAddress: proxySource }, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.pipe(upstream).pipe(client);
    });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const)
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
  });
  // Plain http, as the proxy is asked for it.
  proxy.on('request', (request, response) => {
    asked.push({ target: request.url ?? '', authorization: request.headers['proxy-authorization'] });
    handle(request, response);
  });
  await Promise.all(
    [plain, tls, proxy].map(
      (server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)),
    ),
  );
  const stub: IdentityStub = {
    http: `http://127.0.0.1:${portOf(plain)}`,
    https: `https://127.0.0.1:${portOf(tls)}`,
    proxy: `http://127.0.0.1:${portOf(proxy)}`,
    certificate: cert,
    calls,
    asked,
    connectStatus: 200,
    close: async () => {
      for (const socket of open) socket.destroy();
      for (const server of [plain, tls, proxy]) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
  return stub;
}

function portOf(server: { address: () => AddressInfo | string | null }): number {
  return (server.address() as AddressInfo).port;
}

function answer(request: IncomingMessage, body: string, response: ServerResponse, calls: Call[]): void {
  const { headers, socket } = request;
  const absolute = /^http:\/\/[^/]+/.test(request.url ?? '');
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stub');
  const form = new URLSearchParams(body);
  const [, key = '-', region = '-'] =
    /Credential=([^/]*)\/\d+\/([^/]*)\//.exec(headers.authorization ?? '') ?? [];
  const host = (headers.host ?? '').replace(/:\d+$/, '');
  const say = (status: number, content: string | object) => {
    response.writeHead(status, {
      'content-type': typeof content === 'string' ? 'text/xml' : 'application/json',
    });
    response.end(typeof content === 'string' ? content : JSON.stringify(content));
  };
  const note = (action: string) =>
    calls.push({
      action,
      host: host === '127.0.0.1' ? 'stub' : host,
      key,
      region,
      token: String(headers['x-amz-security-token'] ?? '-'),
      proxied: absolute || socket.remoteAddress === proxySource,
      ...(form.has('TokenCode') ? { code: form.get('TokenCode') ?? '' } : {}),
    });
  const action = form.get('Action');
  if (action !== null) {
    note(action);
    say(...queryAnswer(action, form));
  } else if (pathname === '/federation/credentials') {
    note('GetRoleCredentials');
    if (headers['x-amz-sso_bearer_token'] === 'good')
      say(200, { roleCredentials: roleKeys(`SSO${searchParams.get('role_name')?.toUpperCase()}`) });
    else say(401, { message: 'Session token not found or invalid' });
  } else if (pathname.startsWith('/creds')) {
    if (pathname === '/creds/auth' && headers.authorization !== 'letmein') say(403, {});
    else if (pathname === '/creds/broken') say(500, {});
    else
      say(200, {
        AccessKeyId: 'ASIACONTAINER',
        SecretAccessKey: secret,
        Token: 't-ASIACONTAINER',
        Expiration: '2099-01-01T00:00:00Z',
      });
  } else say(...metadataAnswer(pathname, request));
}

function roleKeys(name: string) {
  return {
    accessKeyId: `ASIA${name}`,
    secretAccessKey: secret,
    sessionToken: `t-ASIA${name}`,
    expiration: 4_070_908_800_000,
  };
}

function metadataAnswer(path: string, { method, headers }: IncomingMessage): [number, string | object] {
  if (path === '/latest/api/token' && method === 'PUT') return [200, 'imds-token'];
  if (headers['x-aws-ec2-metadata-token'] !== 'imds-token') return [401, ''];
  const roles = '/latest/meta-data/iam/security-credentials/';
  if (path === roles) return [200, 'machine'];
  if (path !== `${roles}machine`) return [404, ''];
  return [
    200,
    {
      Code: 'Success',
      AccessKeyId: 'ASIAMACHINE',
      SecretAccessKey: secret,
      Token: 't-ASIAMACHINE',
      Expiration: '2099-01-01T00:00:00Z',
    },
  ];
}

function queryAnswer(action: string, form: URLSearchParams): [number, string] {
  const result = (content: string) =>
    `<${action}Response><${action}Result>${content}</${action}Result><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></${action}Response>`;
  if (action === 'DescribeLoadBalancers') return [200, result('<LoadBalancerDescriptions/>')];
  if (action === 'GetCallerIdentity')
    return [
      200,
      result('<Arn>arn:aws:iam::123456789012:user/u</Arn><UserId>u</UserId><Account>123456789012</Account>'),
    ];
  const name = form.get('RoleArn')?.split('/').at(-1) ?? '';
  const wrongCode = form.has('SerialNumber') && form.get('TokenCode') !== '123456';
  if (!action.startsWith('AssumeRole') || name.startsWith('denied') || wrongCode)
    return [
      403,
      `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not allowed</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
    ];
  const key = `ASIAROLE${name.toUpperCase()}`;
  return [
    200,
    result(
      `<AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/${name}/s</Arn><AssumedRoleId>AROAX:s</AssumedRoleId></AssumedRoleUser><Credentials><AccessKeyId>${key}</AccessKeyId><SecretAccessKey>${secret}</SecretAccessKey><SessionToken>t-${key}</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>`,
    ),
  ];
}
