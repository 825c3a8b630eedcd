// Stands in for `string-width` in the bundle: the same answers without Intl.Segmenter and an emoji expression, which
// cost every start 20 ms. CommonJS, because cli-table3 requires it; cliui's import of the default works as well.
module.exports = require('fast-string-width').default;
