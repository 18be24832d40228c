// Inner elements that are opened only sometimes: each comes in a chunk of its own when it is first shown. Until it is
// there its place says so; where it cannot be had there is one way out.
import { html, type TemplateResult } from 'lit';
import { texts } from '../i18n/index.ts';

const chunks = {
  'ringtag-alerts-offer': async () => (await import('./alerts-offer/alerts-offer.ts')).RingtagAlertsOffer,
  'ringtag-menu': async () => (await import('./menu/menu.ts')).RingtagMenu,
  'ringtag-decline': async () => (await import('./decline/decline.ts')).RingtagDecline,
  'ringtag-recent': async () => (await import('./recent/recent.ts')).RingtagRecent,
  'ringtag-transfer': async () => (await import('./transfer/transfer.ts')).RingtagTransfer,
  'ringtag-visit-about': async () => (await import('../visits/visits.ts')).RingtagVisitAbout,
  'ringtag-visitors': async () => (await import('../visits/visits.ts')).RingtagVisitors,
  'ringtag-sign-in': async () => (await import('./sign-in/sign-in.ts')).RingtagSignIn,
  'ringtag-settings': async () => (await import('./settings/settings.ts')).SettingsPanel,
} as const;

type OnDemand = keyof typeof chunks;

const asked = new Map<OnDemand, Promise<void>>();
const failed = new Set<OnDemand>();

function ask(name: OnDemand): Promise<void> {
  failed.delete(name);
  const answer = chunks[name]()
    .then((element) => {
      if (!customElements.get(name)) customElements.define(name, element);
    })
    .catch(() => void failed.add(name));
  asked.set(name, answer);
  return answer;
}

/** `shown` once its element is there, `meanwhile` until then; `host` is rendered again when that changes. */
export function onDemand(
  host: { requestUpdate(): void },
  name: OnDemand,
  shown: TemplateResult,
  meanwhile: TemplateResult,
): TemplateResult {
  if (customElements.get(name)) return shown;
  const update = () => host.requestUpdate();
  if (failed.has(name)) {
    const t = texts();
    const again = () => {
      void ask(name).then(update);
      update();
    };
    return html`<div class="blank" role="alert">
      <strong>${t.notLoaded}</strong><button class="button" @click=${again}>${t.tryAgain}</button>
    </div>`;
  }
  void (asked.get(name) ?? ask(name)).then(update);
  return meanwhile;
}
