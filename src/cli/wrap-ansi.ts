// Replaces `wrap-ansi` in the bundle: the same function without Intl.Segmenter, which costs every start 20 ms.
// oxlint-disable-next-line import/no-default-export -- cliui imports the default
export { wrapAnsi as default } from 'fast-wrap-ansi';
