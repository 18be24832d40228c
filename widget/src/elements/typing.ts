// Keeps what is typed into a public element from the page, once there is something to type into.
import { maskKeys } from '../host/key-mask.ts';
import { installKeyboardGuard } from '../host/keyboard-guard.ts';

type TextField = HTMLInputElement | HTMLTextAreaElement;

/** What is typed or pasted in there is none of the page's business (keys: see keyboard-guard). */
export function keepTyping(element: HTMLElement, root: ShadowRoot): void {
  const guard = installKeyboardGuard();
  if (!guard.typeInstead) {
    guard.typeInstead = typeInstead;
    maskKeys(window, guard);
  }
  for (const type of ['input', 'beforeinput', 'paste', 'copy', 'cut']) {
    element.addEventListener(type, (event) => event.stopPropagation());
  }
  // True while a text field in there has the focus: most shortcut libraries leave such a target alone.
  const get = () => isTextField(deepActiveElement(root));
  Object.defineProperty(element, 'isContentEditable', { configurable: true, get });
}

/** Does what the browser would have done in a text field. */
function typeInstead(event: KeyboardEvent, target: EventTarget | undefined): void {
  if (!isTextField(target) || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  // execCommand is the one way that keeps the field's own undo history.
  if (event.key === 'Backspace') document.execCommand('delete');
  else if (event.key === 'Delete') document.execCommand('forwardDelete');
  else if ([...event.key].length === 1) document.execCommand('insertText', false, event.key);
}

export function isTextField(target: EventTarget | null | undefined): target is TextField {
  return (
    target instanceof HTMLTextAreaElement ||
    (target instanceof HTMLInputElement && !/^(button|checkbox|radio|submit|range)$/.test(target.type))
  );
}

/** What has the focus in a shadow root, however deep. */
export function deepActiveElement(root: ShadowRoot): Element | null {
  let active = root.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return active;
}
