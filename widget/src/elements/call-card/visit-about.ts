// Who a visitor is, in a call of one; it comes in the chunk of those who answer visitors.
import { html, nothing, type TemplateResult } from 'lit';
import type { CallView, Phone } from '../../call/phone.ts';
import { onDemand } from '../on-demand.ts';

/** Nothing, or what is said, where the caller is no visitor. With the chat once the call was answered here. */
export function visitAbout(
  host: { requestUpdate(): void },
  phone: Phone | null,
  { visit, activeSinceMs, said }: CallView & { readonly said?: string },
): TemplateResult | string | typeof nothing {
  if (!visit) return said ?? nothing;
  return onDemand(
    host,
    'ringtag-visit-about',
    html`<ringtag-visit-about
      .phone=${phone}
      .visit=${visit}
      .withChat=${activeSinceMs !== undefined}
      .said=${said}
    ></ringtag-visit-about>`,
    html`${said}`,
  );
}
