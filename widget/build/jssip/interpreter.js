// Parses as PEG.js 0.7 does: in order, without going back into what has matched. No match is null. The build writes the
// rules of the grammar behind this.
const STARTS = {};
const RULES = [];
// `input`, `pos`, `data` and `startRule` are what the actions of the grammar call these.
let input;
let pos;
let data;
let startRule;

export function parse(text, rule) {
  input = text;
  pos = 0;
  data = {};
  startRule = rule;
  return matcher(STARTS[rule])() === null || pos < input.length ? -1 : data;
}

/** A number is a rule, a string is itself, a sticky regular expression is what it takes. */
function matcher(expression) {
  if (expression.call) return expression;
  if (expression.exec) return () => taken(expression);
  if (expression.big) return () => (input.startsWith(expression, pos) ? advanced(expression) : null);
  return () => {
    if (!RULES[expression].call) RULES[expression] = matcher(RULES[expression]);
    return RULES[expression]();
  };
}

function taken(expression) {
  expression.lastIndex = pos;
  const match = expression.exec(input);
  return match && advanced(match[0]);
}

function advanced(found) {
  pos += found.length;
  return found;
}

function all(...parts) {
  const matchers = parts.map(matcher);
  return () => {
    const start = pos;
    const results = [];
    for (const match of matchers) {
      const result = match();
      if (result === null) {
        pos = start;
        return null;
      }
      results.push(result);
    }
    return results;
  };
}

function first(...parts) {
  const matchers = parts.map(matcher);
  return () => {
    for (const match of matchers) {
      const result = match();
      if (result !== null) return result;
    }
    return null;
  };
}

function maybe(part) {
  const match = matcher(part);
  return () => {
    const result = match();
    return result === null ? '' : result;
  };
}

function many(part) {
  const match = matcher(part);
  return () => {
    const results = [];
    for (;;) {
      const result = match();
      if (result === null) return results;
      results.push(result);
    }
  };
}

function some(part) {
  const match = many(part);
  return () => {
    const results = match();
    return results.length > 0 ? results : null;
  };
}

function act(part, action) {
  const match = matcher(part);
  return () => {
    const start = pos;
    const found = match();
    const result = found === null ? null : action(found, start);
    if (result === null) pos = start;
    return result;
  };
}

function text(part) {
  return act(part, (_, start) => input.slice(start, pos));
}

export { act, all, first, many, maybe, some, startRule, text };
