export { decode } from './decode.js';
export { type DecodeOptions } from './decode-options.js';
export type * from './decoded.js';
export { createDecoder, type Decoder } from './decoder.js';
