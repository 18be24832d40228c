// Cuts members out of the classes of a library, at build time.
import { parseAst } from 'rollup/parseAst';

/**
 * The code without what `names` says: `name`, of whatever class or of the exports, or `Class.name`. Each has to be there.
 */
export function withoutMembers(code, names, file) {
  const spans = [];
  const missed = new Set(names);
  const cutAt = (name, owner, { start, end }) => {
    const wanted = names.filter((other) => other === name || other === `${owner}.${name}`);
    for (const found of wanted) missed.delete(found);
    if (wanted.length > 0) spans.push([start, end]);
  };
  for (const statement of parseAst(code).body) {
    const declared = statement.expression?.right ?? statement.declaration ?? statement;
    if (/^Class/.test(declared?.type ?? '')) {
      for (const member of declared.body.body) cutAt(member.key.name, declared.id.name, member);
    }
    const exported = statement.expression?.left ?? statement.declarations?.[0].init?.left;
    if (exported?.object?.name === 'exports') cutAt(exported.property.name, 'exports', statement);
  }
  if (missed.size > 0) throw new Error(`${file} has no ${[...missed].join(', ')}`);
  return spans.reduceRight((kept, [start, end]) => kept.slice(0, start) + kept.slice(end), code);
}
