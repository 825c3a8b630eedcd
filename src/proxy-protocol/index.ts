export type { AcceptOptions, Refusal } from './accept-options.js';
export { type AcceptedHeader, acceptProxyProtocol } from './accept-proxy-protocol.js';
export { decode } from './decode.js';
export type { DecodeOptions } from './decode-options.js';
export type * from './decoded.js';
export { createDecoder, type Decoder } from './decoder.js';
export { encodeV1, type V1Header } from './encode-v1.js';
export { encodeV2, type V2Header } from './encode-v2.js';
export { type NamedTlvs, nameTlvs, type TlsInformation } from './named-tlvs.js';
