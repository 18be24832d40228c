// Runs in the page: what a narrow screen cuts off.

/** Elements that stick out of the page sideways, in all shadow roots. */
export function overflowing(): string[] {
  const found: string[] = [];
  const visit = (root: Document | ShadowRoot) => {
    for (const element of root.querySelectorAll('*')) {
      const { left, right, width } = element.getBoundingClientRect();
      if (width > 1 && (right > innerWidth + 0.5 || left < -0.5))
        found.push(`${element.localName}.${element.className}`);
      if (element.shadowRoot !== null) visit(element.shadowRoot);
    }
  };
  visit(document);
  if (document.documentElement.scrollWidth > innerWidth) found.push('page');
  return found;
}
