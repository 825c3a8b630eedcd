import { describe, expect, test } from 'vitest';
import { proxyFor } from '../../../src/aws/identity/proxy-settings.js';

const p = 'http://proxy:3128';
const elb = 'https://elasticloadbalancing.us-east-1.amazonaws.com/';

describe('the proxy', () => {
  test.each([
    ['no variable', elb, {}, undefined],
    ['HTTPS_PROXY', elb, { HTTPS_PROXY: p }, 'HTTPS_PROXY'],
    ['https_proxy', elb, { https_proxy: p }, 'https_proxy'],
    ['Https_Proxy', elb, { Https_Proxy: p }, 'Https_Proxy'],
    ['small letters before capitals', elb, { https_proxy: p, HTTPS_PROXY: 'http://x' }, 'https_proxy'],
    [
      'an empty one in small letters, which takes the other back',
      elb,
      { https_proxy: '', HTTPS_PROXY: p },
      undefined,
    ],
    ['an empty one', elb, { HTTPS_PROXY: '' }, undefined],
    ['HTTP_PROXY for https', elb, { HTTP_PROXY: p }, undefined],
    ['HTTPS_PROXY for http', 'http://host/', { HTTPS_PROXY: p }, undefined],
    ['HTTP_PROXY for http', 'http://host/', { HTTP_PROXY: p }, 'HTTP_PROXY'],
    ['HTTP_PROXY of a CGI script', 'http://host/', { HTTP_PROXY: p, REQUEST_METHOD: 'GET' }, undefined],
    ['http_proxy of a CGI script', 'http://host/', { http_proxy: p, REQUEST_METHOD: 'GET' }, 'http_proxy'],
    ['ALL_PROXY', elb, { ALL_PROXY: p }, undefined],
    ['a scheme in capitals', 'HTTPS://host/', { HTTPS_PROXY: p }, 'HTTPS_PROXY'],
  ])('the proxy by %s', (_, url, env, from) => {
    expect(proxyFor(url, env)?.from).toBe(from);
  });

  test.each([
    ['proxy:3128', 'http://proxy:3128'],
    ['//proxy:3128', 'http://proxy:3128'],
    ['https://proxy', 'https://proxy'],
    ['http://me:pass@proxy', 'http://me:pass@proxy'],
  ])('%s is asked as %s', (written, url) => {
    expect(proxyFor(elb, { HTTPS_PROXY: written })?.url).toBe(url);
  });
});

describe('NO_PROXY', () => {
  const metadata = 'http://169.254.169.254/latest';
  test.each([
    ['amazonaws.com', elb, false],
    ['.amazonaws.com', elb, false],
    ['AMAZONAWS.COM', elb, false],
    ['elasticloadbalancing.us-east-1.amazonaws.com', elb, false],
    [' x , amazonaws.com ', elb, false],
    ['maws.com', elb, true],
    ['us-east-1', elb, true],
    ['*.amazonaws.com', elb, true],
    ['*', elb, false],
    ['x,*', elb, true],
    ['', elb, true],
    [',', elb, true],
    ['169.254.169.254', metadata, false],
    ['169.254.0.0/16', metadata, true],
    ['host:8443', 'https://host:8443/', false],
    ['host:8444', 'https://host:8443/', true],
    ['host', 'https://host:8443/', false],
    ['host:443', 'https://host/', true],
    ['[::1]', 'https://[::1]:8443/', false],
  ])('%j: %s goes by the proxy: %s', (NO_PROXY, url, proxied) => {
    const env = { HTTPS_PROXY: p, HTTP_PROXY: p, NO_PROXY };
    expect(proxyFor(url, env) !== undefined).toBe(proxied);
  });

  test('no_proxy in small letters goes before capitals', () => {
    const env = { HTTPS_PROXY: p, NO_PROXY: 'amazonaws.com', no_proxy: 'x' };
    expect(proxyFor(elb, env)?.from).toBe('HTTPS_PROXY');
  });
});
