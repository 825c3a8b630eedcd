import { type Style, symbols } from '../../render/style.js';

/**
 * inquirer's looks by our own rule: it paints with Node's `styleText`, which asks neither NO_COLOR (on Node 20) nor
 * `--no-color` nor the stream that it writes to, and draws signs that are not ASCII whatever the locale is.
 */
export function promptTheme(style: Style) {
  const { colour, unicode } = style;
  return {
    prefix: { idle: colour.blue('?'), done: colour.green(symbols(style).done) },
    spinner: { interval: 80, frames: ['-', '\\', '|', '/'].map((frame) => colour.yellow(frame)) },
    icon: {
      cursor: unicode ? '❯' : '>',
      checked: colour.green(unicode ? '◉' : '[x]'),
      unchecked: unicode ? '◯' : '[ ]',
      disabledChecked: unicode ? '-' : ' - ',
      disabledUnchecked: unicode ? '-' : ' - ',
    },
    style: {
      answer: (text: string) => colour.cyan(text),
      message: (text: string) => colour.bold(text),
      error: (text: string) => colour.red(`> ${text}`),
      defaultAnswer: (text: string) => colour.dim(`(${text})`),
      confirmDefault: (text: string) => text.toUpperCase(),
      help: (text: string) => colour.dim(text),
      highlight: (text: string) => colour.cyan(text),
      key: (text: string) => colour.bold(text),
      disabled: (text: string) => colour.dim(text),
      description: (text: string) => text,
      searchTerm: (text: string) => colour.cyan(text),
    },
    i18n: { disabledError: "It can't be selected: the reason is next to it." },
  };
}
