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
  readonly phoneTitle: string;
  readonly devicesTitle: string;
  readonly devicesText: (site: string, name: string) => string;
  readonly devicesNone: string;
  readonly thisBrowser: string;
  /** Stands where a site's name would: the device is a window of the hub's own. */
  readonly ownWindow: string;
  readonly signedIn: string;
  readonly lastSeen: string;
  readonly endsByItself: string;
  readonly signOut: string;
  readonly signOutElsewhere: string;
  readonly signOutElsewhereText: string;
  readonly signedOut: string;
  readonly signedOutBefore: string;
  readonly visitOver: string;
  readonly visitOverText: string;
  readonly visitAgain: string;
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
  phoneTitle: 'Phone',
  devicesTitle: 'Your devices',
  devicesText: (_site, name) =>
    `${name} is signed in on these and can be called there. Sign out any that you do not recognise.`,
  devicesNone: 'You are signed in nowhere.',
  thisBrowser: 'This browser',
  ownWindow: 'Phone in a window of its own',
  signedIn: 'Signed in',
  lastSeen: 'Last seen',
  endsByItself: 'Signs out by itself',
  signOut: 'Sign out',
  signOutElsewhere: 'Sign out everywhere else',
  signOutElsewhereText: 'Only this browser stays signed in. Calls on the other devices end.',
  signedOut: 'Signed out. Any call on it has ended.',
  signedOutBefore: 'That device was signed out already.',
  visitOver: 'This page was open for too long',
  visitOverText:
    'To keep your devices safe, it asks again who you are after 15 minutes. Nothing was changed.',
  visitAgain: 'Show my devices',
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
  phoneTitle: 'Telefone',
  devicesTitle: 'Os seus dispositivos',
  devicesText: (_site, name) =>
    `${name} tem sessão aberta nestes dispositivos e pode receber chamadas neles. Encerre as que não reconhecer.`,
  devicesNone: 'Não há nenhuma sessão aberta.',
  thisBrowser: 'Este navegador',
  ownWindow: 'Telefone em janela própria',
  signedIn: 'Sessão aberta',
  lastSeen: 'Última atividade',
  endsByItself: 'Termina sozinha',
  signOut: 'Encerrar sessão',
  signOutElsewhere: 'Encerrar todas as outras sessões',
  signOutElsewhereText: 'Só este navegador mantém a sessão. As chamadas nos outros dispositivos terminam.',
  signedOut: 'Sessão encerrada. Se havia uma chamada, terminou.',
  signedOutBefore: 'Essa sessão já estava encerrada.',
  visitOver: 'Esta página ficou aberta tempo demais',
  visitOverText:
    'Para proteger os seus dispositivos, ela volta a perguntar quem você é após 15 minutos. Nada foi alterado.',
  visitAgain: 'Mostrar os meus dispositivos',
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
  phoneTitle: 'Teléfono',
  devicesTitle: 'Sus dispositivos',
  devicesText: (_site, name) =>
    `${name} tiene la sesión abierta en estos dispositivos y puede recibir llamadas en ellos. Cierre las que no reconozca.`,
  devicesNone: 'No tiene ninguna sesión abierta.',
  thisBrowser: 'Este navegador',
  ownWindow: 'Teléfono en ventana propia',
  signedIn: 'Sesión abierta',
  lastSeen: 'Última actividad',
  endsByItself: 'Se cierra sola',
  signOut: 'Cerrar sesión',
  signOutElsewhere: 'Cerrar todas las demás sesiones',
  signOutElsewhereText:
    'Solo este navegador conserva la sesión. Las llamadas en los demás dispositivos terminan.',
  signedOut: 'Sesión cerrada. Si había una llamada, ha terminado.',
  signedOutBefore: 'Esa sesión ya estaba cerrada.',
  visitOver: 'Esta página estuvo abierta demasiado tiempo',
  visitOverText:
    'Para proteger sus dispositivos, vuelve a preguntar quién es usted a los 15 minutos. No se cambió nada.',
  visitAgain: 'Mostrar mis dispositivos',
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
  phoneTitle: 'Téléphone',
  devicesTitle: 'Vos appareils',
  devicesText: (_site, name) =>
    `${name} a une session ouverte sur ces appareils et peut y recevoir des appels. Déconnectez ceux que vous ne reconnaissez pas.`,
  devicesNone: 'Vous n’avez aucune session ouverte.',
  thisBrowser: 'Ce navigateur',
  ownWindow: 'Téléphone dans sa propre fenêtre',
  signedIn: 'Session ouverte',
  lastSeen: 'Dernière activité',
  endsByItself: 'Se ferme d’elle-même',
  signOut: 'Déconnecter',
  signOutElsewhere: 'Déconnecter tous les autres',
  signOutElsewhereText:
    'Seul ce navigateur reste connecté. Les appels en cours sur les autres appareils prennent fin.',
  signedOut: 'Appareil déconnecté. Si un appel était en cours, il a pris fin.',
  signedOutBefore: 'Cet appareil était déjà déconnecté.',
  visitOver: 'Cette page est restée ouverte trop longtemps',
  visitOverText:
    'Pour protéger vos appareils, elle redemande qui vous êtes au bout de 15 minutes. Rien n’a été modifié.',
  visitAgain: 'Afficher mes appareils',
};

const TABLE: readonly PageTexts[] = [en, pt, es, fr];

/** The texts for an `Accept-Language` header: the first language that there is a table for, else English. */
export function textsFor(acceptLanguage: string | undefined): PageTexts {
  return languageFor(acceptLanguage).texts;
}

/** The texts, and the whole tag that was asked for, which dates and numbers follow: `pt-BR`, not `pt`. */
export function languageFor(acceptLanguage: string | undefined): { texts: PageTexts; locale: string } {
  for (const range of (acceptLanguage ?? '').split(',')) {
    const tag = range.trim().split(';')[0] ?? '';
    const texts = TABLE.find(({ lang }) => lang === tag.split(/[-_]/)[0]?.toLowerCase());
    if (texts) return { texts, locale: isLocale(tag) ? tag : texts.lang };
  }
  return { texts: en, locale: 'en' };
}

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
