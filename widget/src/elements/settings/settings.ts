// Settings of the phone: devices, sound, notifications. A chunk of its own.
import { html, type TemplateResult } from 'lit';
import { looks } from '../looks.ts';
import { PhoneView } from '../phone-state.ts';

export class SettingsPanel extends PhoneView {
  static override styles = [looks];

  protected override render(): TemplateResult {
    return html``;
  }
}
