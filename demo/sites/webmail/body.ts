// Shows the HTML of a mail as webmails do: scripts, styles, forms and handlers are removed, but the sender's
// `class` and `data-*` attributes stay, as they do in some real webmails. What embeds itself here must not trust them.

const ALLOWED = new Set([
  'A',
  'B',
  'BLOCKQUOTE',
  'BR',
  'DIV',
  'EM',
  'I',
  'LI',
  'OL',
  'P',
  'SPAN',
  'STRONG',
  'UL',
]);
const DROPPED_WHOLE = new Set(['SCRIPT', 'STYLE', 'IFRAME', 'OBJECT', 'TEMPLATE', 'NOSCRIPT', 'SVG', 'MATH']);

interface HtmlPolicy {
  createHTML(html: string): unknown;
}
interface PolicyFactory {
  createPolicy(name: string, rules: { createHTML(html: string): string }): HtmlPolicy;
}

/** Parsing into an inert document runs nothing; the copy below takes only what is allowed out of it. */
const policy = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes?.createPolicy('webmail-body', {
  createHTML: (html) => html,
});

function parse(html: string): Document {
  return new DOMParser().parseFromString((policy?.createHTML(html) ?? html) as string, 'text/html');
}

function safeLink(href: string): boolean {
  return /^(https?|mailto|tel|sip):/i.test(href.trim());
}

function copyAttributes(from: Element, to: Element): void {
  for (const { name, value } of from.attributes) {
    if (name === 'class' || name === 'title' || name.startsWith('data-')) to.setAttribute(name, value);
    if (name === 'href' && safeLink(value)) {
      to.setAttribute('href', value);
      to.setAttribute('rel', 'noopener noreferrer');
      if (/^https?:/i.test(value)) to.setAttribute('target', '_blank');
    }
  }
}

function copyChildren(from: Node, to: Node): void {
  for (const node of from.childNodes) {
    if (node instanceof Text) to.appendChild(document.createTextNode(node.data));
    if (!(node instanceof Element) || DROPPED_WHOLE.has(node.tagName.toUpperCase())) continue;
    // An element that is not allowed gives way to what it holds.
    if (!ALLOWED.has(node.tagName)) copyChildren(node, to);
    else {
      const copy = document.createElement(node.tagName);
      copyAttributes(node, copy);
      to.appendChild(copy);
      copyChildren(node, copy);
    }
  }
}

/** The safe part of the mail. */
export function renderBody(html: string): DocumentFragment {
  const fragment = document.createDocumentFragment();
  copyChildren(parse(html).body, fragment);
  return fragment;
}

const previews = new Map<string, string>();

/** Its first words, for the list. */
export function previewText(html: string): string {
  const known = previews.get(html);
  if (known !== undefined) return known;
  // Blocks end in nothing when read as text: a space keeps their words apart.
  const text = parse(html.slice(0, 2_000).replaceAll('</p>', ' </p>')).body.textContent ?? '';
  const preview = text.replace(/\s+/g, ' ').trim().slice(0, 120);
  previews.set(html, preview);
  return preview;
}
