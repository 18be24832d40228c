// The transport under JsSIP: a WebSocket to sip-gate whose address and credentials are asked for anew at each
// connection, because its token is good for a minute. Implements JsSIP's `Socket`; knows no SIP.
import type { PbxAccount } from '@ringtag/server/protocol';
import type { Result } from '../call/errors.ts';

export interface GateSocketOptions {
  readonly account: () => Promise<Result<PbxAccount>>;
  /** Before anything is sent over the new connection. */
  readonly fresh: (account: PbxAccount) => void;
  readonly open?: (url: string) => WebSocket;
}

/** Close code told to JsSIP where there was never a socket: 1006, abnormal closure (RFC 6455 §7.4.1). */
const ABNORMAL = 1006;

export class GateSocket {
  // JsSIP wants these to look like a WebSocket's; routing happens at the gate.
  readonly url = 'wss://gate.invalid/sip';
  readonly sip_uri = 'sip:gate.invalid;transport=ws';
  via_transport = 'WSS';
  onconnect: () => void = () => {};
  ondisconnect: (error: boolean, code?: number, reason?: string) => void = () => {};
  ondata: (data: unknown) => void = () => {};
  /** The gate has said something. */
  onheard: () => void = () => {};

  readonly #options: GateSocketOptions;
  #socket: WebSocket | null = null;
  #connecting = 0;
  #beganAtMs = 0;
  #heardAtMs = 0;
  readonly #now: () => number;

  constructor(options: GateSocketOptions, now: () => number) {
    this.#options = options;
    this.#now = now;
  }

  /** When the gate last said anything. */
  get heardAtMs(): number {
    return this.#heardAtMs;
  }

  /** How long it has been trying to connect; 0 while it does not. */
  get connectingForMs(): number {
    return this.isConnecting() ? this.#now() - this.#beganAtMs : 0;
  }

  connect(): void {
    if (this.isConnected() || this.isConnecting()) return;
    this.#beganAtMs = this.#now();
    const attempt = ++this.#connecting;
    void this.#connect(attempt);
  }

  disconnect(): void {
    this.#connecting = 0;
    this.#detach()?.close();
  }

  /** Gives up on a connection that does not answer; JsSIP hears of it at once and connects anew. */
  drop(): void {
    this.disconnect();
    this.ondisconnect(true, ABNORMAL, 'silent');
  }

  send(message: string): boolean {
    if (!this.isConnected()) return false;
    this.#socket?.send(message);
    return true;
  }

  isConnected(): boolean {
    return this.#socket?.readyState === 1;
  }

  isConnecting(): boolean {
    return this.#connecting > 0 && !this.isConnected();
  }

  async #connect(attempt: number): Promise<void> {
    const account = await this.#options.account();
    if (attempt !== this.#connecting) return;
    if (!account.ok) return this.#failed();
    this.#options.fresh(account.value);
    const socket = (this.#options.open ?? ((url) => new WebSocket(url, 'sip')))(account.value.gateUrl);
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      this.#heard();
      this.onconnect();
    };
    socket.onmessage = (event) => {
      this.#heard();
      this.ondata(event.data);
    };
    socket.onclose = (event) => {
      this.#detach();
      this.#connecting = 0;
      this.ondisconnect(!event.wasClean, event.code, event.reason);
    };
  }

  #heard(): void {
    this.#heardAtMs = this.#now();
    this.onheard();
  }

  #failed(): void {
    this.#connecting = 0;
    this.ondisconnect(true, ABNORMAL, 'no account');
  }

  #detach(): WebSocket | null {
    const socket = this.#socket;
    this.#socket = null;
    if (socket) socket.onopen = socket.onmessage = socket.onclose = null;
    return socket;
  }
}
