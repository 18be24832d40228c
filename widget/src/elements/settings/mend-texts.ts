// Where each browser lets a person allow the microphone or camera, in four languages. English lives here too: this
// comes only after a refusal.
import { language } from '../../i18n/index.ts';

export type Browser =
  | 'chromium'
  | 'chromium-mobile'
  | 'firefox'
  | 'firefox-mobile'
  | 'safari'
  | 'ios'
  | 'ios-other'
  | 'other';

export interface MendTexts {
  /** With its article: they stand in sentences. */
  readonly microphone: string;
  readonly camera: string;
  readonly denied: Readonly<Record<Browser, (what: string) => string>>;
  readonly dismissed: string;
  readonly missing: string;
  readonly busy: string;
  readonly framed: string;
  readonly system: (what: string) => string;
}

const en: MendTexts = {
  microphone: 'the microphone',
  camera: 'the camera',
  denied: {
    chromium: (what) => `Click the icon left of the address and allow ${what}.`,
    'chromium-mobile': (what) => `Tap the icon left of the address, then “Permissions”, and allow ${what}.`,
    firefox: (what) => `Click the crossed-out sign left of the address, remove the block and allow ${what}.`,
    'firefox-mobile': (what) => `Tap the lock beside the address and allow ${what}.`,
    safari: (what) => `Choose “Safari”, “Settings for This Website” in the menu bar and allow ${what}.`,
    ios: (what) => `Tap the page menu in the address bar, then “Website Settings”, and allow ${what}.`,
    'ios-other': (what) => `Open the settings of your device, choose this browser and allow ${what}.`,
    other: (what) => `Open the settings for this page in your browser and allow ${what}.`,
  },
  dismissed: 'When your browser asks, choose “Allow”. If it does not ask again:',
  missing: 'Check its plug and its switch.',
  busy: 'Close programs and tabs that hold meetings, or choose another device in the settings.',
  framed: 'This page is shown inside another one: open it in a tab of its own.',
  system: (what) =>
    `If that does not help, allow your browser ${what} in the privacy settings of your device.`,
};

const pt: MendTexts = {
  microphone: 'o microfone',
  camera: 'a câmera',
  denied: {
    chromium: (what) => `Clique no ícone à esquerda do endereço e permita ${what}.`,
    'chromium-mobile': (what) =>
      `Toque no ícone à esquerda do endereço, depois em “Permissões”, e permita ${what}.`,
    firefox: (what) => `Clique no sinal riscado à esquerda do endereço, remova o bloqueio e permita ${what}.`,
    'firefox-mobile': (what) => `Toque no cadeado junto ao endereço e permita ${what}.`,
    safari: (what) => `Escolha “Safari” na barra de menus, abra os ajustes deste site e permita ${what}.`,
    ios: (what) => `Toque no menu da página na barra de endereço, abra os ajustes do site e permita ${what}.`,
    'ios-other': (what) => `Abra os ajustes do dispositivo, escolha este navegador e permita ${what}.`,
    other: (what) => `Abra os ajustes desta página no navegador e permita ${what}.`,
  },
  dismissed: 'Quando o navegador perguntar, escolha “Permitir”. Se não perguntar de novo:',
  missing: 'Verifique a ficha e o interruptor.',
  busy: 'Feche programas e separadores com reuniões, ou escolha outro dispositivo nos ajustes.',
  framed: 'Esta página é mostrada dentro de outra: abra-a num separador próprio.',
  system: (what) => `Se não ajudar, permita ${what} ao navegador nos ajustes de privacidade do dispositivo.`,
};

const es: MendTexts = {
  microphone: 'el micrófono',
  camera: 'la cámara',
  denied: {
    chromium: (what) => `Pulse el icono a la izquierda de la dirección y permita ${what}.`,
    'chromium-mobile': (what) =>
      `Toque el icono a la izquierda de la dirección, luego «Permisos», y permita ${what}.`,
    firefox: (what) =>
      `Pulse la señal tachada a la izquierda de la dirección, quite el bloqueo y permita ${what}.`,
    'firefox-mobile': (what) => `Toque el candado junto a la dirección y permita ${what}.`,
    safari: (what) =>
      `Elija «Safari» en la barra de menús, abra los ajustes de este sitio y permita ${what}.`,
    ios: (what) =>
      `Toque el menú de página en la barra de direcciones, abra los ajustes del sitio y permita ${what}.`,
    'ios-other': (what) => `Abra los ajustes del dispositivo, elija este navegador y permita ${what}.`,
    other: (what) => `Abra los ajustes de esta página en el navegador y permita ${what}.`,
  },
  dismissed: 'Cuando el navegador pregunte, elija «Permitir». Si no vuelve a preguntar:',
  missing: 'Revise el enchufe y el interruptor.',
  busy: 'Cierre los programas y pestañas con reuniones o elija otro dispositivo en los ajustes.',
  framed: 'Esta página se muestra dentro de otra: ábrala en una pestaña propia.',
  system: (what) =>
    `Si eso no ayuda, permita ${what} al navegador en los ajustes de privacidad del dispositivo.`,
};

const fr: MendTexts = {
  microphone: 'le micro',
  camera: 'la caméra',
  denied: {
    chromium: (what) => `Cliquez sur l’icône à gauche de l’adresse et autorisez ${what}.`,
    'chromium-mobile': (what) =>
      `Touchez l’icône à gauche de l’adresse, puis « Autorisations », et autorisez ${what}.`,
    firefox: (what) =>
      `Cliquez sur le signe barré à gauche de l’adresse, retirez le blocage et autorisez ${what}.`,
    'firefox-mobile': (what) => `Touchez le cadenas près de l’adresse et autorisez ${what}.`,
    safari: (what) =>
      `Choisissez « Safari » dans la barre des menus, ouvrez les réglages de ce site et autorisez ${what}.`,
    ios: (what) =>
      `Touchez le menu de la page dans la barre d’adresse, ouvrez les réglages du site et autorisez ${what}.`,
    'ios-other': (what) =>
      `Ouvrez les réglages de l’appareil, choisissez ce navigateur et autorisez ${what}.`,
    other: (what) => `Ouvrez les réglages de cette page dans le navigateur et autorisez ${what}.`,
  },
  dismissed: 'Quand le navigateur le demande, choisissez « Autoriser ». S’il ne demande plus :',
  missing: 'Vérifiez la prise et l’interrupteur.',
  busy: 'Fermez les programmes et onglets de réunion, ou choisissez un autre appareil dans les réglages.',
  framed: 'Cette page est affichée dans une autre : ouvrez-la dans son propre onglet.',
  system: (what) =>
    `Sinon, autorisez ${what} pour le navigateur dans les réglages de confidentialité de l’appareil.`,
};

export const allMendTexts = { en, pt, es, fr } as const;

export function mendTexts(): MendTexts {
  const spoken = language();
  return spoken in allMendTexts ? allMendTexts[spoken as keyof typeof allMendTexts] : en;
}
