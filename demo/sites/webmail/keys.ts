// Keyboard shortcuts as real webmails have them: some on `document`, some on `window` in the capture phase, and
// Delete deletes without asking. A guest element that lets its keys through loses mails here.

export interface KeyActions {
  move(step: number): void;
  remove(): void;
  search(): void;
  reply(): void;
  page(): void;
  star(): void;
}

/** Our own fields keep their keys; what is a field inside somebody's shadow root, this page cannot know. */
function inOwnField(event: KeyboardEvent): boolean {
  const target = event.target;
  return (
    target instanceof HTMLInputElement ||
    target instanceof HTMLTextAreaElement ||
    (target instanceof Element && target.closest('dialog') !== null)
  );
}

export function listenForKeys(actions: KeyActions): void {
  // Deleting is caught first of all, before any widget could stop it.
  window.addEventListener(
    'keydown',
    (event) => {
      if (inOwnField(event) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 'Delete' || event.key === 'Backspace' || event.key === '#') {
        event.preventDefault();
        actions.remove();
      }
    },
    { capture: true },
  );
  document.addEventListener('keydown', (event) => {
    if (inOwnField(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    const act: Record<string, () => void> = {
      j: () => actions.move(1),
      k: () => actions.move(-1),
      ArrowDown: () => actions.move(1),
      ArrowUp: () => actions.move(-1),
      '/': actions.search,
      r: actions.reply,
      s: actions.star,
      ' ': actions.page,
    };
    const action = act[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
