// Runs inside the measured pages, before their own scripts. It notes when things happen, on the clock that all
// processes of one machine share: a real click, a dialog painted, the first sound that is played aloud.

/** What is noted; times are milliseconds since 1970 with fractions. */
export interface Mark {
  readonly what:
    | 'click'
    | 'asked'
    | 'told'
    | 'dialog'
    | 'painted'
    | 'answered'
    | 'track'
    | 'connected'
    | 'playing'
    | 'sound';
  readonly atMs: number;
  /** Click: the button's name. Asked: the path. Told: the event. */
  readonly name?: string;
}

export interface Stopwatch {
  /** Forgets everything so far. */
  reset(): void;
  /** Settles with all marks once there is one of these. */
  until(what: Mark['what'], timeoutMs: number): Promise<readonly Mark[]>;
  marks(): readonly Mark[];
  /** Gets the measuring of sound going, so that its start costs no round anything. */
  warm(): Promise<void>;
}

declare global {
  interface Window {
    ringtagStopwatch?: Stopwatch;
  }
}

/** Now, on the clock of the marks, in Node. */
export const nowMs = (): number => performance.timeOrigin + performance.now();

/** Serialized into the page: refers to nothing outside itself. */
export function installStopwatch(): void {
  let marks: Mark[] = [];
  const waiting = new Set<() => void>();
  const now = () => performance.timeOrigin + performance.now();
  const note = (what: Mark['what'], atMs = now(), name?: string) => {
    marks.push(name === undefined ? { what, atMs } : { what, atMs, name });
    for (const look of [...waiting]) look();
  };

  window.addEventListener(
    'click',
    (event) => {
      const button = event
        .composedPath()
        .find((node): node is HTMLElement => node instanceof HTMLElement && node.localName === 'button');
      const name = button?.getAttribute('aria-label') ?? button?.textContent?.trim() ?? '';
      note('click', performance.timeOrigin + event.timeStamp, name);
    },
    true,
  );

  // A dialog counts when it is on the screen: after the frame that shows it has been made.
  const painted = () => {
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => note('painted');
      channel.port2.postMessage(0);
    });
  };
  const shows = (node: Node) =>
    node instanceof Element &&
    (node.matches('[role=alertdialog]') || node.querySelector('[role=alertdialog]') !== null);
  const observer = new MutationObserver((records) => {
    if (!records.some((record) => [...record.addedNodes].some(shows))) return;
    note('dialog');
    painted();
  });
  const observe = (root: Node) => observer.observe(root, { childList: true, subtree: true });
  observe(document);
  const attachShadow = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function patched(this: Element, init: ShadowRootInit) {
    const root = attachShadow.call(this, init);
    observe(root);
    return root;
  };

  const nativeFetch = window.fetch;
  window.fetch = async (input, init) => {
    const path = new URL(input instanceof Request ? input.url : String(input), location.href).pathname;
    note('asked', now(), path);
    const response = await nativeFetch(input, init);
    note('answered', now(), path);
    return response;
  };
  const NativeSocket = window.WebSocket;
  window.WebSocket = class extends NativeSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener('message', ({ data }) => {
        const name = typeof data === 'string' ? /^42\["([\w:]+)"|^SIP\/2.0 (\d+)/.exec(data) : null;
        if (name) note('told', now(), name[1] ?? name[2] ?? '');
      });
    }
  };
  const NativePeer = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends NativePeer {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      this.addEventListener('track', () => note('track'));
      this.addEventListener('connectionstatechange', () => {
        if (this.connectionState === 'connected') note('connected');
      });
    }
  };

  /** Peak of what silence may hold: -50 dBFS. */
  const SILENCE = 0.003;
  let context: AudioContext | undefined;
  let stopListening = () => {};
  const listen = (element: HTMLMediaElement, stream: MediaStream) => {
    stopListening();
    context ??= new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 256;
    const source = context.createMediaStreamSource(stream);
    source.connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      if (element.paused || !samples.some((sample) => Math.abs(sample) > SILENCE)) return;
      stopListening();
      note('sound');
    }, 4);
    stopListening = () => {
      clearInterval(timer);
      source.disconnect();
      stopListening = () => {};
    };
  };
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function patched(this: HTMLMediaElement) {
    const stream = this.srcObject;
    if (stream instanceof MediaStream && stream.getAudioTracks().length > 0) {
      note('playing');
      listen(this, stream);
    }
    return play.call(this);
  };

  window.ringtagStopwatch = {
    reset() {
      marks = [];
      stopListening();
    },
    marks: () => marks,
    until(what, timeoutMs) {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`no "${what}" within ${timeoutMs} ms; noted: ${JSON.stringify(marks)}`));
        }, timeoutMs);
        const look = () => {
          if (!marks.some((mark) => mark.what === what)) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(marks);
        };
        waiting.add(look);
        look();
      });
    },
    async warm() {
      context ??= new AudioContext();
      await context.resume();
    },
  };
}
