// Leaves out of JsSIP what the phone does not use: its log lines, the sentences of syntax errors that nobody sees, and
// the request kinds that our line refuses. About 11 kB of the 100 that a page may download. Fails when JsSIP changes
// under it.

const LIB = /[\\/]node_modules[\\/]jssip[\\/]lib[\\/]/;

/** Parts that only serve requests for which nobody listens: JsSIP answers those with 405 by itself. */
const UNUSED = /[\\/]jssip[\\/]lib[\\/](Subscriber|Notifier|Message|Options)\.js$/;

const LOG_LINE = /^(\s*)logger\.(?:debug|warn|error)\((?:[^;]|\n)*?\);$/gm;
const SYNTAX_NOTE =
  /if \(reportFailures === 0\) \{\s*matchFailed\((?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\);\s*\}/g;

/** What JsSIP and our line ask the grammar for; rules that only others need fall away with the rest of the table. */
const START_RULES = new Set(
  `SIP_URI absoluteURI host quoted_string uuid Request_Response Status_Line Name_Addr_Header Contact Record_Route
  Event To From Via Call_ID Content_Length Content_Type CSeq Max_Forwards WWW_Authenticate Proxy_Authenticate
  Session_Expires Refer_To Replaces Subscription_State Reason`.split(/\s+/),
);
const RULE_LINE = /^ *"(\w+)": parse_\w+,?\n/gm;

/** What JsSIP and we use of the `events` package. Listeners of one emit are those of its beginning, as there. */
const EVENTS = `
class EventEmitter {
  #listeners = {};
  on(name, listener) {
    (this.#listeners[name] ??= []).push(listener);
    return this;
  }
  removeListener(name, listener) {
    this.#listeners[name] = this.listeners(name).filter((other) => other !== listener);
    return this;
  }
  listeners(name) {
    return [...(this.#listeners[name] ?? [])];
  }
  emit(name, ...details) {
    const listeners = this.listeners(name);
    for (const listener of listeners) listener.apply(this, details);
    return listeners.length > 0;
  }
}
module.exports = { EventEmitter };
`;

export const slimJsSip = {
  name: 'slim-jssip',
  load(id) {
    if (/[\\/]events[\\/]events\.js$/.test(id)) return EVENTS;
    if (/[\\/]debug[\\/]src[\\/]browser\.js$/.test(id))
      return 'const off = () => () => {}; module.exports = off; off.default = off;';
    if (/[\\/]jssip[\\/]package\.json$/.test(id)) return '{ "title": "JsSIP", "version": "3" }';
    if (UNUSED.test(id)) return 'module.exports = class Unused {};';
    return null;
  },
  transform(code, id) {
    if (!LIB.test(id)) return null;
    if (id.endsWith('Grammar.js')) return grammar.call(this, code);
    if (!/logger\.(debug|warn|error)\(/.test(code)) return null;
    return changed.call(this, code, code.replace(LOG_LINE, '$1;'));
  },
};

function grammar(code) {
  const quiet = changed.call(this, code, code.replace(SYNTAX_NOTE, ';')).code;
  const few = quiet.replace(RULE_LINE, (line, rule) => (START_RULES.has(rule) ? line : ''));
  return changed.call(this, quiet, few);
}

function changed(before, after) {
  if (after === before) this.error('JsSIP is no longer written the way the build slims it');
  return { code: after, map: null };
}
