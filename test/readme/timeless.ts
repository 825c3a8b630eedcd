/** A text without what differs from run to run: identifiers, times, ports and digests. */
export function timeless(text: string): string {
  return text
    .replaceAll(/sha256:[0-9a-f]{64}/g, 'sha256:DIGEST')
    .replaceAll(/\d{8}-\d{6}-[0-9a-f]{6}/g, 'CHANGE-ID')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'REQUEST-ID')
    .replaceAll(/\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d{3}Z| UTC)/g, 'TIME')
    .replaceAll(/vpc-[0-9a-f]+/g, 'VPC')
    .replaceAll(/127\.0\.0\.1:(?!9000)\d+/g, '127.0.0.1:PORT')
    .replaceAll(/\(\d+ times\)/g, '(N times)')
    .replaceAll(/(PROXY TCP4 \S+ \S+) \d+/g, '$1 PORT')
    .replaceAll(/(127\.0\.[01]\.\d):\d{5}\b/g, '$1:PORT')
    .replaceAll(/elb-proxy-verify-[0-9a-f]+/g, 'elb-proxy-verify-NONCE')
    .replaceAll(/after \d+ ms/g, 'after N ms');
}
