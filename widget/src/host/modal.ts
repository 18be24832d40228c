// The modal dialog of the page in which somebody is, also within shadow roots, which no selector of the document sees into.

/** The innermost one around what has the focus; undefined where there is none, or only within a closed shadow root. */
export function modalWithFocus(): HTMLDialogElement | undefined {
  let found: HTMLDialogElement | undefined;
  for (let at = document.activeElement; at; at = at.shadowRoot?.activeElement ?? null)
    found = at.closest<HTMLDialogElement>('dialog:modal') ?? found;
  return found;
}
