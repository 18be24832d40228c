// Who a visitor is, in a call of one; it comes in the chunk of those who answer visitors.
import { html, nothing, type TemplateResult } from 'lit';
import type { CallView, Phone } from '../../call/phone.ts';
import { onDemand } from '../on-demand.ts';

/** Nothing where the caller is no visitor. With the chat once the call was answered here. */
export function visitAbout(
  host: { requestUpdate(): void },
  phone: Phone | null,
  { visit, activeSinceMs }: CallView,
): TemplateResult | typeof nothing {
  if (!visit) return nothing;
  return onDemand(
    host,
    'ringtag-visit-about',
    html`<ringtag-visit-about
      .phone=${phone}
      .visit=${visit}
      .withChat=${activeSinceMs !== undefined}
    ></ringtag-visit-about>`,
    html``,
  );
}
