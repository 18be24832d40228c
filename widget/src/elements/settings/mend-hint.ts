// Puts how to mend a refused microphone or camera after the sentence that says so, in words of a chunk of its own;
// where that does not come, the sentence stands alone.
import { html, nothing, type TemplateResult } from 'lit';

export function mendHint(code: string): TemplateResult | typeof nothing {
  if (!/^(MICROPHONE|CAMERA|MEDIA_FOR)/.test(code)) return nothing;
  import('./mend.ts').then(
    ({ defineMend }) => defineMend(),
    () => {},
  );
  return html`<ringtag-mend code=${code}></ringtag-mend>`;
}
