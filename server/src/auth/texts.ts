// Every sentence on the hub's own pages, by language. All four are complete; English stands in for any other.
import type { ErrorCode } from '@ringtag/server/protocol';

export interface PageTexts {
  readonly lang: string;
  readonly consentTitle: (site: string, name: string) => string;
  readonly consentText: (site: string) => string;
  readonly proceed: string;
  readonly cancel: string;
  readonly handOffTitle: string;
  readonly handOffText: string;
  readonly numbersTitle: string;
  readonly numbersText: (site: string) => string;
  readonly noneOfThese: string;
  readonly doneTitle: string;
  readonly doneText: string;
  readonly refusedTitle: string;
  /** Why; `refusedOther` for every code that has no sentence of its own. */
  readonly refused: Readonly<Partial<Record<ErrorCode, string>>>;
  readonly refusedOther: string;
  readonly back: string;
  readonly close: string;
}

const en: PageTexts = {
  lang: 'en',
  consentTitle: (site, name) => `Continue to ${site} as ${name}?`,
  consentText: (site) => `Pages of ${site} will be able to call people, and take calls, in your name.`,
  proceed: 'Continue',
  cancel: 'Cancel',
  handOffTitle: 'Signing you in…',
  handOffText: 'This window closes by itself.',
  numbersTitle: 'Which number do you see?',
  numbersText: (site) =>
    `${site} is showing you a number. Pick the same one here. If it shows none, choose “None of these”.`,
  noneOfThese: 'None of these',
  doneTitle: 'You are signed in',
  doneText: 'You can close this window and go back to the page you came from.',
  refusedTitle: 'You are not signed in',
  refused: {
    NOT_ADMITTED:
      'Your account is fine, but this service is not open to it. Ask whoever runs it to let you in.',
    ORIGIN_NOT_ALLOWED: 'The page you came from is not allowed to use this service.',
    SIGN_IN_REFUSED: 'This sign-in was cancelled, took too long, or was used already. Go back and try again.',
    RATE_LIMITED: 'Too many people are signing in from your network. Wait a minute, then try again.',
    INTERNAL: 'The sign-in service does not answer. Wait a moment, then try again.',
  },
  refusedOther: 'Something went wrong. Go back and try again.',
  back: 'Go back',
  close: 'Close',
};

const pt: PageTexts = {
  lang: 'pt',
  consentTitle: (site, name) => `Continuar em ${site} como ${name}?`,
  consentText: (site) => `As páginas de ${site} vão poder ligar para pessoas e receber chamadas em seu nome.`,
  proceed: 'Continuar',
  cancel: 'Cancelar',
  handOffTitle: 'Entrando…',
  handOffText: 'Esta janela se fecha sozinha.',
  numbersTitle: 'Que número aparece?',
  numbersText: (site) =>
    `A página de ${site} mostra um número. Escolha o mesmo aqui. Se não mostrar nenhum, escolha “Nenhum destes”.`,
  noneOfThese: 'Nenhum destes',
  doneTitle: 'A sua sessão está aberta',
  doneText: 'Pode fechar esta janela e voltar à página de onde veio.',
  refusedTitle: 'Não foi possível entrar',
  refused: {
    NOT_ADMITTED:
      'A sua conta está em ordem, mas não tem acesso a este serviço. Peça acesso a quem gere o serviço.',
    ORIGIN_NOT_ALLOWED: 'A página de onde veio não pode usar este serviço.',
    SIGN_IN_REFUSED: 'Esta entrada foi cancelada, demorou demais ou já foi usada. Volte e tente novamente.',
    RATE_LIMITED: 'Muitas pessoas estão entrando a partir da sua rede. Espere um minuto e tente novamente.',
    INTERNAL: 'O serviço de entrada não responde. Espere um momento e tente novamente.',
  },
  refusedOther: 'Houve um problema. Volte e tente novamente.',
  back: 'Voltar',
  close: 'Fechar',
};

const es: PageTexts = {
  lang: 'es',
  consentTitle: (site, name) => `¿Continuar en ${site} como ${name}?`,
  consentText: (site) => `Las páginas de ${site} podrán llamar a personas y recibir llamadas en su nombre.`,
  proceed: 'Continuar',
  cancel: 'Cancelar',
  handOffTitle: 'Iniciando sesión…',
  handOffText: 'Esta ventana se cierra sola.',
  numbersTitle: '¿Qué número ve?',
  numbersText: (site) =>
    `La página de ${site} muestra un número. Elija el mismo aquí. Si no muestra ninguno, elija «Ninguno de estos».`,
  noneOfThese: 'Ninguno de estos',
  doneTitle: 'Su sesión está iniciada',
  doneText: 'Puede cerrar esta ventana y volver a la página de la que venía.',
  refusedTitle: 'No se ha iniciado la sesión',
  refused: {
    NOT_ADMITTED:
      'Su cuenta es válida, pero no tiene acceso a este servicio. Pida acceso a quien gestiona el servicio.',
    ORIGIN_NOT_ALLOWED: 'La página de la que viene no puede usar este servicio.',
    SIGN_IN_REFUSED:
      'Este inicio de sesión se canceló, tardó demasiado o ya se usó. Vuelva atrás e inténtelo de nuevo.',
    RATE_LIMITED:
      'Demasiadas personas están iniciando sesión desde su red. Espere un minuto e inténtelo de nuevo.',
    INTERNAL: 'El servicio de inicio de sesión no responde. Espere un momento e inténtelo de nuevo.',
  },
  refusedOther: 'Algo ha fallado. Vuelva atrás e inténtelo de nuevo.',
  back: 'Volver',
  close: 'Cerrar',
};

const fr: PageTexts = {
  lang: 'fr',
  consentTitle: (site, name) => `Continuer vers ${site} en tant que ${name}\u202f?`,
  consentText: (site) =>
    `Les pages de ${site} pourront appeler des personnes et recevoir des appels en votre nom.`,
  proceed: 'Continuer',
  cancel: 'Annuler',
  handOffTitle: 'Connexion en cours…',
  handOffText: 'Cette fenêtre se ferme toute seule.',
  numbersTitle: 'Quel numéro voyez-vous\u202f?',
  numbersText: (site) =>
    `La page de ${site} vous montre un numéro. Choisissez le même ici. Si elle n’en montre aucun, choisissez «\u00a0Aucun de ceux-ci\u00a0».`,
  noneOfThese: 'Aucun de ceux-ci',
  doneTitle: 'Votre session est ouverte',
  doneText: 'Vous pouvez fermer cette fenêtre et revenir à la page d’où vous venez.',
  refusedTitle: 'La connexion n’a pas abouti',
  refused: {
    NOT_ADMITTED:
      'Votre compte est valable, mais n’a pas accès à ce service. Demandez l’accès à qui gère le service.',
    ORIGIN_NOT_ALLOWED: 'La page d’où vous venez n’a pas le droit d’utiliser ce service.',
    SIGN_IN_REFUSED:
      'Cette connexion a été annulée, a pris trop de temps ou a déjà servi. Revenez en arrière et réessayez.',
    RATE_LIMITED: 'Trop de personnes se connectent depuis votre réseau. Attendez une minute, puis réessayez.',
    INTERNAL: 'Le service de connexion ne répond pas. Attendez un instant, puis réessayez.',
  },
  refusedOther: 'Un problème est survenu. Revenez en arrière et réessayez.',
  back: 'Retour',
  close: 'Fermer',
};

const TABLE: readonly PageTexts[] = [en, pt, es, fr];

/** The texts for an `Accept-Language` header: the first language that there is a table for, else English. */
export function textsFor(acceptLanguage: string | undefined): PageTexts {
  for (const range of (acceptLanguage ?? '').split(',')) {
    const primary = range.trim().split(/[-;]/)[0]?.toLowerCase();
    const found = TABLE.find(({ lang }) => lang === primary);
    if (found) return found;
  }
  return en;
}
