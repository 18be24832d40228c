// `<ringtag-settings>`: microphone, speaker, ringer and camera chosen, watched and tried, and desktop notifications.
// A chunk of its own. Nothing is opened before the person asks for it, unless it opens without a question.
import { html, nothing, type TemplateResult } from 'lit';
import { ref } from 'lit/directives/ref.js';
import type { DeviceKind, Devices, DevicesState } from '../../call/phone.ts';
import { ECHO, errorText, texts } from '../../i18n/index.ts';
import { icons } from '../icons.ts';
import { codeDetails, looks } from '../looks.ts';
import { skeleton } from '../people/people.ts';
import { PhoneView } from '../phone-state.ts';
import { mendHint } from './mend-hint.ts';
import { settingsCss } from './settings-css.ts';
import { settingsTexts } from './settings-texts.ts';

export class SettingsPanel extends PhoneView {
  static override styles = [looks, settingsCss];
  static override properties = {
    ...PhoneView.properties,
    done: { attribute: false },
    devices: { state: true },
    failed: { state: true },
    camera: { state: true },
  };
  /** Closes the settings. */
  declare done: () => void;
  declare private devices: Devices | null;
  declare private failed: boolean;
  declare private camera: MediaStream | null;
  #unsubscribe = () => {};
  #stopMeter: (() => void) | undefined;
  #shownCamera: string | undefined;

  constructor() {
    super();
    this.done = () => {};
    this.devices = null;
    this.failed = false;
    this.camera = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.updateComplete.then(() => this.#fetch());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unsubscribe();
    this.#stopMeter?.();
    this.#stopMeter = undefined;
    this.#hideCamera();
    this.devices?.stopTest();
    this.devices = null;
  }

  protected override render(): TemplateResult {
    const { devices } = this;
    if (this.failed) return this.#notLoaded();
    if (devices === null) return html`<div class="settings">${skeleton(texts().settings)}</div>`;
    const { state } = devices;
    return html`<div class="settings">
      ${state.error === null ? nothing : problem(state.error)} ${this.#microphone(devices)}
      ${this.#speaker(devices, 'speaker')} ${this.#speaker(devices, 'ringer')} ${this.#camera(devices)}
      ${this.#notifications(devices)}
    </div>`;
  }

  async #fetch(): Promise<void> {
    this.failed = false;
    try {
      const devices = await this.phone?.devices();
      if (!devices || !this.isConnected) return;
      this.devices = devices;
      this.#unsubscribe();
      this.#unsubscribe = devices.subscribe((state) => this.#changed(devices, state));
    } catch {
      this.failed = true;
    }
  }

  #changed(devices: Devices, { microphone, chosen }: DevicesState): void {
    this.requestUpdate();
    if (microphone === 'granted') this.#watch(devices);
    const other = this.camera !== null && this.#shownCamera !== chosen.camera;
    if (other) void this.#showCamera(devices);
  }

  /** Written straight into the meter: fifteen renderings a second would be a waste. */
  #watch(devices: Devices): void {
    this.#stopMeter ??= devices.watchLevel((level) => {
      const meter = this.renderRoot.querySelector('meter');
      if (meter) meter.value = level;
    });
  }

  #notLoaded(): TemplateResult {
    return html`<div class="settings" role="alert">
      <strong>${texts().notLoaded}</strong>
      <button class="button" @click=${() => void this.#fetch()}>${texts().tryAgain}</button>
    </div>`;
  }

  #microphone(devices: Devices): TemplateResult {
    const t = settingsTexts();
    const { microphone, options, test } = devices.state;
    const isIdle = test === 'idle';
    if (microphone !== 'granted' && options.microphone.length === 0) {
      return html`<section>
        <h3>${t.microphone}</h3>
        <button class="button primary" @click=${() => this.#allow(devices)}>${icons.mic}${t.allowMicrophone}</button>
        <div class="meta">${t.allowHint}</div>
      </section>`;
    }
    return html`<section>
      ${picker(devices, 'microphone')}
      <meter min="0" max="1" aria-label=${t.level}></meter>
      <div class="actions">
        <button class="button" @click=${() => (isIdle ? void devices.testMicrophone() : devices.stopTest())}>
          ${isIdle ? html`${icons.mic}${t.testMicrophone}` : t.stop}
        </button>
        ${this.#echo()}
      </div>
      <div class="meta" role="status">${isIdle ? '' : t[test]}</div>
    </section>`;
  }

  /** A person who says no is asked again by the button: the meter of before has nothing to watch. */
  #allow(devices: Devices): void {
    this.#stopMeter?.();
    this.#stopMeter = undefined;
    this.#watch(devices);
  }

  #echo(): TemplateResult | typeof nothing {
    if (!this.state?.telephone) return nothing;
    const t = settingsTexts();
    const call = () => {
      this.done();
      this.phone?.call({ number: ECHO });
    };
    return html`<button class="button" title=${t.echoHint} @click=${call}>${icons.phone}${t.echo}</button>`;
  }

  #speaker(devices: Devices, kind: 'speaker' | 'ringer'): TemplateResult {
    const t = settingsTexts();
    const { canChooseSpeaker, asksForSpeaker } = devices.state;
    return html`<section>
      ${
        canChooseSpeaker
          ? picker(devices, kind)
          : html`<h3>${t[kind]}</h3><div class="meta">${t.noChoice}</div>`
      }
      <div class="actions">
        <button class="button" @click=${() => void devices.testSpeaker(kind)}>
          ${icons.play}${kind === 'speaker' ? t.testSpeaker : t.testRinger}
        </button>
        ${
          asksForSpeaker
            ? html`<button class="button" @click=${() => void devices.askForSpeaker(kind)}>${t.otherSpeaker}</button>`
            : nothing
        }
      </div>
    </section>`;
  }

  #camera(devices: Devices): TemplateResult {
    const t = settingsTexts();
    const { camera } = this;
    const show = (element?: Element) => {
      if (element instanceof HTMLVideoElement && element.srcObject !== camera) element.srcObject = camera;
    };
    return html`<section>
      ${devices.state.options.camera.length > 0 ? picker(devices, 'camera') : html`<h3>${t.camera}</h3>`}
      ${camera ? html`<video autoplay muted playsinline aria-label=${t.ownPicture} ${ref(show)}></video>` : nothing}
      <button class="button" @click=${() => (camera ? this.#hideCamera() : void this.#showCamera(devices))}>
        ${camera ? icons.videoOff : icons.video}${camera ? t.hideCamera : t.showCamera}
      </button>
    </section>`;
  }

  async #showCamera(devices: Devices): Promise<void> {
    const { camera } = devices.state.chosen;
    this.#shownCamera = camera;
    const stream = await devices.openCamera();
    // Chosen anew or closed meanwhile.
    if (!this.isConnected || this.#shownCamera !== camera) return stop(stream);
    stop(this.camera);
    this.camera = stream;
  }

  #hideCamera(): void {
    stop(this.camera);
    this.camera = null;
  }

  #notifications(devices: Devices): TemplateResult {
    const t = settingsTexts();
    const words = {
      default: t.notifyHint,
      granted: t.notifyOn,
      denied: t.notifyDenied,
      unsupported: t.notifyUnsupported,
    };
    const { notifications } = devices.state;
    return html`<section>
      <h3>${t.notifications}</h3>
      ${
        notifications === 'default'
          ? html`<button class="button" @click=${() => void devices.askNotifications()}>${t.notify}</button>`
          : nothing
      }
      <div class="meta" role="status">${words[notifications]}</div>
    </section>`;
  }
}

function problem(code: NonNullable<DevicesState['error']>): TemplateResult {
  return html`<div class="problem" role="alert">${errorText(code)}${mendHint(code)}${codeDetails(code)}</div>`;
}

function picker(devices: Devices, kind: DeviceKind): TemplateResult {
  const t = settingsTexts();
  const { options, chosen } = devices.state;
  const { [kind]: id = '' } = chosen;
  const all = [{ id: '', label: t.systemDefault }, ...options[kind]];
  if (!all.some((option) => option.id === id)) all.push({ id, label: t.gone });
  const choose = (event: Event) => {
    const { value } = event.target as HTMLSelectElement;
    devices.choose(kind, value === '' ? null : value);
  };
  return html`<label for=${kind}>${t[kind]}</label>
    <select id=${kind} @change=${choose}>
      ${all.map((option) => html`<option value=${option.id} .selected=${option.id === id}>${option.label}</option>`)}
    </select>`;
}

function stop(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
