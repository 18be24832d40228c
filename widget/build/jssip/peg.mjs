// Reads the rules of a grammar back out of a parser that PEG.js 0.7 generated. Every statement has to be one that
// PEG.js writes; anything else is refused.
import { parseAst } from 'rollup/parseAst';

/**
 * Rules by name. An expression is `{ref}`, `{text, anyCase}`, `{chars}` (inside a character class), `{all: […]}`,
 * `{first: […]}`, `{maybe}`, `{many}`, `{some}`, or `{of, call}` with an action.
 */
export function rulesOf(code) {
  const rules = new Map();
  walk(parseAst(code), (node) => {
    const name = node.type === 'FunctionDeclaration' && /^parse_(\w+)$/.exec(node.id.name)?.[1];
    if (name) rules.set(name, ruleOf(code, node.body.body, name));
  });
  return rules;
}

function walk(node, visit) {
  if (Array.isArray(node)) for (const part of node) walk(part, visit);
  else if (typeof node?.type === 'string') {
    visit(node);
    for (const part of Object.values(node)) if (typeof part === 'object') walk(part, visit);
  }
}

function ruleOf(code, statements, name) {
  const body = statements.filter(({ type }) => type !== 'VariableDeclaration' && type !== 'ReturnStatement');
  const reader = new Reader(code);
  const rule = reader.whole(body, 0);
  if (!rule) throw new Error(`the rule ${name} is not written as PEG.js 0.7 writes rules`);
  return rule;
}

/** All methods answer with `[expression, index of the statement after it]`, or with nothing. `k` numbers the result. */
class Reader {
  #code;

  constructor(code) {
    this.#code = code;
  }

  whole(body, k) {
    const found = this.#expression(body, 0, k);
    return found?.[1] === body.length ? found[0] : undefined;
  }

  #source(node) {
    return node ? this.#code.slice(node.start, node.end).replace(/\s+/g, ' ') : '';
  }

  #expression(body, from, k) {
    let found = this.#start(body, from, k);
    while (found) {
      const [before, at] = found;
      const next = body[at];
      if (this.#source(next) === `result${k} = result${k} !== null ? result${k} : "";`) {
        found = [{ maybe: before }, at + 1];
      } else if (this.#tests(next, `result${k} === null`) && !this.#restores(next.consequent)) {
        const other = this.whole(next.consequent.body, k);
        if (!other) return undefined;
        found = [{ first: [before, ...(other.first ?? [other])] }, at + 1];
      } else return found;
    }
    return undefined;
  }

  #start(body, from, k) {
    if (/^pos\d+ = pos;$/.test(this.#source(body[from]))) {
      return this.#compound(body, from, k) ?? this.#some(body, from, k);
    }
    return this.#terminal(body, from, k) ?? this.#many(body, from, k) ?? this.#some(body, from, k);
  }

  #terminal(body, from, k) {
    const source = this.#source(body[from]);
    const ref = new RegExp(`^result${k} = parse_(\\w+)\\(\\);$`).exec(source);
    if (ref) return [{ ref: ref[1] }, from + 1];
    if (body[from]?.type !== 'IfStatement') return undefined;
    const test = this.#source(body[from].test);
    const taken = this.#source(body[from].consequent);
    const given = `^\\{ result${k} = (.*); pos(\\+\\+| \\+= (\\d+)); \\}$`;
    const [, value, , length = '1'] = new RegExp(given).exec(taken) ?? [];
    if (value === undefined) return undefined;
    const expression = this.#matched(test, value, Number(length));
    return expression && [expression, from + 1];
  }

  #matched(test, value, length) {
    const chars = /^\/\^\[(.*)\]\/\.test\(input\.charAt\(pos\)\)$/.exec(test);
    if (chars && value === 'input.charAt(pos)' && !chars[1].startsWith('^')) return { chars: chars[1] };
    const code = /^input\.charCodeAt\(pos\) === (\d+)$/.exec(test);
    if (code && JSON.parse(value) === String.fromCharCode(code[1]) && length === 1)
      return { text: JSON.parse(value) };
    const text = /^input\.substr\(pos, (\d+)\)(\.toLowerCase\(\))? === (".*")$/.exec(test);
    if (!text || Number(text[1]) !== length || JSON.parse(text[3]).length !== length) return undefined;
    if (!text[2]) return value === text[3] ? { text: JSON.parse(text[3]) } : undefined;
    return value === `input.substr(pos, ${length})`
      ? { text: JSON.parse(text[3]), anyCase: true }
      : undefined;
  }

  #many(body, from, k) {
    if (this.#source(body[from]) !== `result${k} = [];`) return undefined;
    const found = this.#expression(body, from + 1, k + 1);
    const loop = found && body[found[1]];
    return this.#repeats(loop, found?.[0], k) ? [{ many: found[0] }, found[1] + 1] : undefined;
  }

  #some(body, from, k) {
    const found = this.#expression(body, from, k + 1);
    const check = found && body[found[1]];
    if (!this.#tests(check, `result${k + 1} !== null`)) return undefined;
    const [begin, loop, ...rest] = check.consequent.body;
    if (rest.length > 0 || this.#source(begin) !== `result${k} = [];`) return undefined;
    if (this.#source(check.alternate) !== `{ result${k} = null; }`) return undefined;
    return this.#repeats(loop, found[0], k) ? [{ some: found[0] }, found[1] + 1] : undefined;
  }

  #repeats(loop, expression, k) {
    if (loop?.type !== 'WhileStatement' || this.#source(loop.test) !== `result${k + 1} !== null`)
      return false;
    const [push, ...again] = loop.body.body;
    if (this.#source(push) !== `result${k}.push(result${k + 1});`) return false;
    return JSON.stringify(this.whole(again, k + 1)) === JSON.stringify(expression);
  }

  #compound(body, from, k) {
    const saved = /^pos\d+/.exec(this.#source(body[from]))[0];
    const found = this.#expression(body, from + 1, k);
    const check = found && body[found[1]];
    if (!this.#tests(check, `result${k} !== null`)) return undefined;
    if (check.alternate) {
      const all = this.#rest(check, [found[0]], k, saved);
      return all && [{ all }, found[1] + 1];
    }
    const call = this.#action(check.consequent, k, saved);
    const undo = body[found[1] + 1];
    if (!call || !this.#tests(undo, `result${k} === null`) || !this.#restores(undo.consequent, saved))
      return undefined;
    return [{ of: found[0], call }, found[1] + 2];
  }

  #rest(check, all, k, saved) {
    if (this.#source(check.alternate) !== `{ result${k} = null; ${saved} }`.replace(saved, `pos = ${saved};`))
      return undefined;
    const names = all.map((_, index) => `result${k + index}`);
    const { body } = check.consequent;
    if (body.length === 1 && this.#source(body[0]) === `result${k} = [${names.join(', ')}];`) return all;
    const m = k + all.length;
    const found = this.#expression(body, 0, m);
    const next = found && body[found[1]];
    if (!this.#tests(next, `result${m} !== null`) || found[1] + 1 !== body.length) return undefined;
    return this.#rest(next, [...all, found[0]], k, saved);
  }

  #action(block, k, saved) {
    const [{ expression }, ...others] = block.body;
    const made = expression?.right;
    if (
      others.length > 0 ||
      expression?.left?.name !== `result${k}` ||
      made?.callee?.type !== 'FunctionExpression'
    )
      return undefined;
    const [offset, ...given] = made.arguments.map((argument) => this.#source(argument));
    const paths = given.map((source) => new RegExp(`^result${k}(?:\\[(\\d+)\\])?$`).exec(source));
    if (offset !== saved || paths.includes(null)) return undefined;
    return {
      params: made.callee.params.slice(1).map((param, index) => ({ name: param.name, at: paths[index][1] })),
      body: this.#code.slice(made.callee.body.start, made.callee.body.end),
    };
  }

  #tests(node, test) {
    return node?.type === 'IfStatement' && this.#source(node.test) === test;
  }

  #restores(block, saved = 'pos\\d+') {
    return new RegExp(`^\\{ pos = ${saved}; \\}$`).test(this.#source(block));
  }
}
