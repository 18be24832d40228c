// Leaves out of JsSIP what the phone does not use: its log lines, the sentences of syntax errors that nobody sees, and
// the request kinds that our line refuses. About 11 kB of the 100 that a page may download. Fails when JsSIP changes
// under it.

const LIB = /[\\/]node_modules[\\/]jssip[\\/]lib[\\/]/;

/** Parts that only serve requests for which nobody listens: JsSIP answers those with 405 by itself. */
const UNUSED =
  /[\\/]jssip[\\/]lib[\\/](Subscriber|Notifier|Message|Options|RTCSession[\\/](Info|ReferNotifier|ReferSubscriber))\.js$/;

/** Requests within a call that our line neither sends nor heeds: without these cases JsSIP answers them with 501. */
const UNUSED_IN_CALL = /^( +)case JsSIP_C\.(?:INFO|REFER|NOTIFY): \{\n[\s\S]*?^\1\}\n/gm;
/** Digits go into the sound (RFC 4733), never into INFO; of this class only its limits are used then. */
const DIGITS_IN_INFO = /module\.exports = class DTMF [\s\S]*?^\};$/m;
/** What JsSIP tells others that it serves (RFC 3261 §20.5). */
const ALLOWED = /(ALLOWED_METHODS: )'[A-Z,]+'/;

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
    if (id.endsWith('Constants.js'))
      return changed.call(this, code, code.replace(ALLOWED, "$1'INVITE,ACK,CANCEL,BYE,UPDATE'"));
    if (id.endsWith('DTMF.js')) return changed.call(this, code, code.replace(DIGITS_IN_INFO, ''));
    if (!/logger\.(debug|warn|error)\(/.test(code)) return null;
    const quiet = changed.call(this, code, code.replace(LOG_LINE, '$1;'));
    return /[\\/]RTCSession\.js$/.test(id)
      ? changed.call(this, quiet.code, quiet.code.replace(UNUSED_IN_CALL, ''))
      : quiet;
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
