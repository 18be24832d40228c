// Turns JsSIP's generated parser of 640 kB into a table of its rules and a small interpreter of them, with the same
// results: rules that nothing starts from are left out, and what always takes one character becomes one class.
import { readFileSync } from 'node:fs';
import { rulesOf } from './peg.mjs';

const INTERPRETER = readFileSync(new URL('interpreter.js', import.meta.url), 'utf8');

/** What the phone's part of JsSIP asks the grammar for. */
export const START_RULES =
  `SIP_URI Request_Response Status_Line Contact Record_Route Event To From Via Call_ID
  Content_Length Content_Type CSeq Max_Forwards WWW_Authenticate Proxy_Authenticate`.split(/\s+/);

/** The module in the place of `Grammar.js`: `parse(text, rule)` gives the rule's data, or -1. */
export function compactGrammar(code) {
  const table = new Table(rulesOf(code));
  const starts = START_RULES.map((name) => `${name}: ${table.number(name)}`);
  return `import URI from './URI.js';
import NameAddrHeader from './NameAddrHeader.js';
${INTERPRETER.replace('const STARTS = {};', `const STARTS = { ${starts.join(', ')} };`)}
RULES.push(${table.written().join(',\n')});`;
}

class Table {
  #rules;
  #uses = new Map();
  #numbers = new Map();

  constructor(rules) {
    this.#rules = rules;
    for (const name of START_RULES) this.#count({ ref: name });
  }

  /** The place of a rule in the table; START_RULES first. */
  number(name) {
    if (!this.#numbers.has(name)) this.#numbers.set(name, this.#numbers.size);
    return this.#numbers.get(name);
  }

  /** All rules that were asked for, and those that they ask for. */
  written() {
    const lines = [];
    // Grows while it is walked.
    for (const name of this.#numbers.keys()) lines.push(this.#write(this.#rule(name)));
    return lines;
  }

  #rule(name) {
    const rule = this.#rules.get(name);
    if (!rule) throw new Error(`the grammar has no rule ${name}`);
    return rule;
  }

  #count({ ref, all, first, maybe, many, some, of }) {
    if (ref) {
      const uses = this.#uses.get(ref) ?? 0;
      this.#uses.set(ref, uses + 1);
      if (uses === 0) this.#count(this.#rule(ref));
    }
    for (const part of all ?? first ?? [maybe, many, some, of]) if (part) this.#count(part);
  }

  #write(expression) {
    const { ref, text, anyCase, all, first, maybe, many, some, of, call } = expression;
    if (text && !anyCase) return JSON.stringify(text);
    const chars = this.#chars(expression);
    if (chars !== undefined) return `/[${chars}]/y`;
    if (ref) return this.#uses.get(ref) > 1 ? String(this.number(ref)) : this.#write(this.#rule(ref));
    if (text) return `/${this.#literal(text)}/iy`;
    if (all) return `all(${this.#list(all)})`;
    if (first) return this.#choice(first);
    if (maybe) return `maybe(${this.#write(maybe)})`;
    if (many) return `many(${this.#write(many)})`;
    if (some) return `some(${this.#write(some)})`;
    return this.#action(of, call);
  }

  #list(expressions) {
    return expressions.map((expression) => this.#write(expression)).join(', ');
  }

  /** Neighbours that take one character each become one class. */
  #choice(expressions) {
    const merged = [];
    for (const expression of expressions) {
      const before = merged.length > 0 ? this.#chars(merged.at(-1)) : undefined;
      const chars = this.#chars(expression);
      if (before === undefined || chars === undefined) merged.push(expression);
      else merged[merged.length - 1] = { chars: before + chars };
    }
    return merged.length > 1 ? `first(${this.#list(merged)})` : this.#write(merged[0]);
  }

  /** The inside of a character class that takes what this takes, if that is always one character. */
  #chars({ ref, text, anyCase, chars, first }) {
    if (chars) return chars;
    if (ref) return this.#chars(this.#rule(ref));
    if (text?.length === 1) return anyCase ? `${quoted(text)}${quoted(text.toUpperCase())}` : quoted(text);
    const each = first?.map((other) => this.#chars(other));
    return each?.includes(undefined) ? undefined : each?.join('');
  }

  #literal(text) {
    // There are letters that regular expressions and `toLowerCase` do not see alike; these are safe.
    if (!/^[a-jl-z0-9_=/.-]+$/.test(text)) throw new Error(`"${text}" has to be compared as PEG.js does it`);
    return text.replace(/[./]/g, '\\$&');
  }

  #action(of, { params, body }) {
    const code = body.replace(/\s+/g, ' ');
    const chars = of.some && this.#chars(of.some);
    if (code === '{ return input.substring(pos, offset); }') {
      return chars ? `/[${chars}]+/y` : `text(${this.#write(of)})`;
    }
    const names = /\boffset\b/.test(code) ? ', offset' : '';
    return `act(${this.#write(of)}, (${pattern(params)}${names}) => ${body})`;
  }
}

function quoted(char) {
  return /[\]\\^-]/.test(char) ? `\\${char}` : char;
}

/** The parameter that takes an action's values out of the result: all of it, or some of its parts. */
function pattern(params) {
  if (params.length === 0) return '_';
  if (params.length === 1 && params[0].at === undefined) return params[0].name;
  const parts = [];
  for (const { name, at } of params) parts[at] = name;
  return `[${Array.from(parts, (name) => name ?? '').join(',')}]`;
}
