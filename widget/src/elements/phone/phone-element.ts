// `<ringtag-phone>`: the whole pane, in the flow of the page. Its presence is the intent: it fetches the panes when
// the page is idle.
import { Surface } from '../surface.ts';

const css = /* css */ `
:host { display: block; inline-size: 360px; max-inline-size: 100%; block-size: 560px; }
:host([hidden]) { display: none; }
ringtag-pane {
  block-size: 100%; border-radius: var(--_radius); border: 1px solid light-dark(#e2e5e9, #34373c);
}
`;

/**
 * The pane with search, people and calls, placed where the page wants it.
 *
 * @element ringtag-phone
 * @prop {Phone | null} phone - The phone it shows; the script tag sets it.
 * @fires {CustomEvent<CallStateDetail>} ringtag-call-state - A call came to another state. Bubbles, composed; `detail` is `{callId, state, via, peer}`.
 * @csspart pane - The whole pane.
 * @csspart header - Name and menu of the signed-in person.
 * @csspart search - The search box.
 * @csspart people - The list of people.
 * @csspart person - One row of it.
 * @csspart call-card - The card of the live or just ended call.
 * @csspart call-bar - The bar of a live call while its card is not shown.
 * @csspart hang-up - The red button.
 * @csspart primary - The one obvious action of a view ("Sign in", "Answer").
 * @csspart via - "Direct" or "By telephone".
 * @csspart video - The pictures of a video call.
 * @csspart notice - A notice at the top: a refusal, a blocked sound.
 * @csspart ringing - The dialog that says who is calling.
 * @cssprop [--ringtag-accent] - Colour of links, focus and what is selected.
 * @cssprop [--ringtag-font=inherit] - Font family.
 * @cssprop [--ringtag-radius=10px] - Radius of corners.
 * @cssprop [--ringtag-scheme] - `light` or `dark`; default: what the page states, else the system's.
 */
export class RingtagPhone extends Surface {
  constructor() {
    super(css);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.warm().catch(() => {});
  }

  protected override mountedPanes(): void {}
}
