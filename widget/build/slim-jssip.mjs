// Leaves out of JsSIP what the phone does not use: its log lines, the sentences of syntax errors that nobody sees, and
// the request kinds that our line refuses. About 10 kB of the 100 that a page may download. Fails when JsSIP changes
// under it.

const LIB = /[\\/]node_modules[\\/]jssip[\\/]lib[\\/]/;

/** Parts that only serve requests for which nobody listens: JsSIP answers those with 405 by itself. */
const UNUSED = /[\\/]jssip[\\/]lib[\\/](Subscriber|Notifier|Message|Options)\.js$/;

const LOG_LINE = /^(\s*)logger\.(?:debug|warn|error)\((?:[^;]|\n)*?\);$/gm;
const SYNTAX_NOTE =
  /if \(reportFailures === 0\) \{\s*matchFailed\((?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\);\s*\}/g;

export const slimJsSip = {
  name: 'slim-jssip',
  load(id) {
    if (/[\\/]debug[\\/]src[\\/]browser\.js$/.test(id)) return 'module.exports = () => () => {};';
    if (/[\\/]jssip[\\/]package\.json$/.test(id)) return '{ "title": "JsSIP", "version": "3" }';
    if (UNUSED.test(id)) return 'module.exports = class Unused {};';
    return null;
  },
  transform(code, id) {
    if (!LIB.test(id)) return null;
    if (id.endsWith('Grammar.js')) return changed.call(this, code, code.replace(SYNTAX_NOTE, ';'));
    if (!/logger\.(debug|warn|error)\(/.test(code)) return null;
    return changed.call(this, code, code.replace(LOG_LINE, '$1;'));
  },
};

function changed(before, after) {
  if (after === before) this.error('JsSIP is no longer written the way the build slims it');
  return { code: after, map: null };
}
