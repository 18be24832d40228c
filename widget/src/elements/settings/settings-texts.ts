// Texts of the settings in four languages; English lives here too, out of the phone.
import { language } from '../../i18n/index.ts';

export interface SettingsTexts {
  readonly microphone: string;
  readonly speaker: string;
  readonly ringer: string;
  readonly camera: string;
  readonly notifications: string;
  readonly systemDefault: string;
  /** What was chosen is not there now. */
  readonly gone: string;
  readonly otherSpeaker: string;
  readonly noChoice: string;
  readonly allowMicrophone: string;
  readonly allowHint: string;
  readonly level: string;
  readonly testMicrophone: string;
  readonly recording: string;
  readonly playing: string;
  readonly stop: string;
  readonly echo: string;
  readonly echoHint: string;
  readonly testSpeaker: string;
  readonly testRinger: string;
  readonly showCamera: string;
  readonly hideCamera: string;
  readonly ownPicture: string;
  readonly notify: string;
  readonly notifyHint: string;
  readonly notifyOn: string;
  readonly notifyDenied: string;
  readonly notifyUnsupported: string;
}

const en: SettingsTexts = {
  microphone: 'Microphone',
  speaker: 'Speaker',
  ringer: 'Ringer',
  camera: 'Camera',
  notifications: 'Notifications',
  systemDefault: 'System default',
  gone: 'Your choice, not connected now',
  otherSpeaker: 'Choose another',
  noChoice: 'This browser uses the speaker that is chosen in the system.',
  allowMicrophone: 'Allow the microphone',
  allowHint: 'Then you can choose it and try it.',
  level: 'Level of the microphone',
  testMicrophone: 'Record and play back',
  recording: 'Recording for 3 seconds: say something…',
  playing: 'Playing…',
  stop: 'Stop',
  echo: 'Call the echo test',
  echoHint: 'A call that lets you hear yourself.',
  testSpeaker: 'Try the speaker',
  testRinger: 'Try the ringer',
  showCamera: 'Show my picture',
  hideCamera: 'Hide my picture',
  ownPicture: 'Your picture',
  notify: 'Turn on notifications',
  notifyHint: 'Your screen then shows who is calling, also when this page is out of sight.',
  notifyOn: 'On: your screen shows who is calling, also when this page is out of sight.',
  notifyDenied: 'Blocked for this page. Allow them beside the address.',
  notifyUnsupported: 'This browser shows none for this page.',
};

const pt: SettingsTexts = {
  microphone: 'Microfone',
  speaker: 'Alto-falante',
  ringer: 'Toque de chamada',
  camera: 'Câmera',
  notifications: 'Notificações',
  systemDefault: 'Padrão do sistema',
  gone: 'A sua escolha, agora desligada',
  otherSpeaker: 'Escolher outro',
  noChoice: 'Este navegador usa o alto-falante escolhido no sistema.',
  allowMicrophone: 'Permitir o microfone',
  allowHint: 'Depois pode escolher e experimentar.',
  level: 'Nível do microfone',
  testMicrophone: 'Gravar e ouvir',
  recording: 'A gravação dura 3 segundos: diga algo…',
  playing: 'Tocando…',
  stop: 'Parar',
  echo: 'Ligar para o teste de eco',
  echoHint: 'Uma chamada em que se ouve a si mesmo.',
  testSpeaker: 'Testar o alto-falante',
  testRinger: 'Testar o toque',
  showCamera: 'Mostrar a minha imagem',
  hideCamera: 'Ocultar a minha imagem',
  ownPicture: 'A sua imagem',
  notify: 'Ativar notificações',
  notifyHint: 'A tela mostra então quem liga, mesmo com esta página fora de vista.',
  notifyOn: 'Ativas: a tela mostra quem liga, mesmo com esta página fora de vista.',
  notifyDenied: 'Bloqueadas nesta página. Permita-as junto ao endereço.',
  notifyUnsupported: 'Este navegador não as mostra nesta página.',
};

const es: SettingsTexts = {
  microphone: 'Micrófono',
  speaker: 'Altavoz',
  ringer: 'Timbre',
  camera: 'Cámara',
  notifications: 'Notificaciones',
  systemDefault: 'Predeterminado del sistema',
  gone: 'Su elección, ahora sin conectar',
  otherSpeaker: 'Elegir otro',
  noChoice: 'Este navegador usa el altavoz elegido en el sistema.',
  allowMicrophone: 'Permitir el micrófono',
  allowHint: 'Después podrá elegirlo y probarlo.',
  level: 'Nivel del micrófono',
  testMicrophone: 'Grabar y escuchar',
  recording: 'Grabando 3 segundos: diga algo…',
  playing: 'Reproduciendo…',
  stop: 'Parar',
  echo: 'Llamar a la prueba de eco',
  echoHint: 'Una llamada en la que se oye a sí mismo.',
  testSpeaker: 'Probar el altavoz',
  testRinger: 'Probar el timbre',
  showCamera: 'Mostrar mi imagen',
  hideCamera: 'Ocultar mi imagen',
  ownPicture: 'Su imagen',
  notify: 'Activar notificaciones',
  notifyHint: 'La pantalla mostrará quién llama, también con esta página fuera de la vista.',
  notifyOn: 'Activadas: la pantalla muestra quién llama, también con esta página fuera de la vista.',
  notifyDenied: 'Bloqueadas en esta página. Permítalas junto a la dirección.',
  notifyUnsupported: 'Este navegador no las muestra en esta página.',
};

const fr: SettingsTexts = {
  microphone: 'Micro',
  speaker: 'Haut-parleur',
  ringer: 'Sonnerie',
  camera: 'Caméra',
  notifications: 'Alertes sur l’écran',
  systemDefault: 'Choix du système',
  gone: 'Votre choix, débranché pour l’instant',
  otherSpeaker: 'En choisir un autre',
  noChoice: 'Ce navigateur utilise le haut-parleur choisi dans le système.',
  allowMicrophone: 'Autoriser le micro',
  allowHint: 'Vous pourrez alors le choisir et l’essayer.',
  level: 'Niveau du micro',
  testMicrophone: 'Enregistrer et écouter',
  recording: 'Enregistrement de 3 secondes : dites quelque chose…',
  playing: 'Lecture…',
  stop: 'Arrêter',
  echo: 'Appeler le test d’écho',
  echoHint: 'Un appel où vous vous entendez vous-même.',
  testSpeaker: 'Essayer le haut-parleur',
  testRinger: 'Essayer la sonnerie',
  showCamera: 'Montrer mon image',
  hideCamera: 'Cacher mon image',
  ownPicture: 'Votre image',
  notify: 'Activer les alertes',
  notifyHint: 'L’écran montre alors qui appelle, même quand cette page est hors de vue.',
  notifyOn: 'Activées : l’écran montre qui appelle, même quand cette page est hors de vue.',
  notifyDenied: 'Bloquées pour cette page. Autorisez-les près de l’adresse.',
  notifyUnsupported: 'Ce navigateur n’en montre pas pour cette page.',
};

export const allSettingsTexts = { en, pt, es, fr } as const;

export function settingsTexts(): SettingsTexts {
  const spoken = language();
  return spoken in allSettingsTexts ? allSettingsTexts[spoken as keyof typeof allSettingsTexts] : en;
}
