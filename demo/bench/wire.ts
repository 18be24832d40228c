// A Socket.IO client reduced to the wire (engine.io protocol 4, socket.io protocol 5), so that the load generator
// costs far less than the server it measures. Text frames over WebSocket only; no reconnection, no binary.
import { WebSocket } from 'ws';

export interface WireOptions {
  /** `127.0.0.1` port of the server. */
  readonly port: number;
  readonly origin: string;
  /** Handshake's `auth`. */
  readonly auth: Readonly<Record<string, unknown>>;
}

export class Wire {
  readonly #socket: WebSocket;
  /** An event came; `text` is the whole frame. */
  onEvent: (text: string) => void = () => {};
  onAck: () => void = () => {};
  onGone: () => void = () => {};

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  /** Resolves when the server has let it in; rejects with what it said otherwise. */
  static open({ port, origin, auth }: WireOptions): Promise<Wire> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`, {
      origin,
      perMessageDeflate: false,
    });
    const wire = new Wire(socket);
    return new Promise((resolve, reject) => {
      socket.on('error', reject);
      socket.on('close', () => {
        reject(new Error('The connection was closed'));
        wire.onGone();
      });
      socket.on('message', (data) => {
        const text = String(data);
        if (text === '2') socket.send('3');
        else if (text.startsWith('43')) wire.onAck();
        else if (text.startsWith('42')) wire.onEvent(text);
        else if (text.startsWith('40')) resolve(wire);
        else if (text.startsWith('0')) socket.send(`40${JSON.stringify(auth)}`);
        else if (text.startsWith('44')) reject(new Error(`Not let in: ${text.slice(2)}`));
      });
    });
  }

  send(text: string): void {
    this.#socket.send(text);
  }

  close(): void {
    this.onGone = () => {};
    this.#socket.terminate();
  }
}
