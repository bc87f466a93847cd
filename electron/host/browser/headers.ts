import { windowHeaders } from '../window-headers.ts';

/**
 * The headers of the browser host's answers: those of every host, and its own WebSocket.
 * @param authority `127.0.0.1:PORT`.
 */
export function securityHeaders(nonce: string, authority: string): Record<string, string> {
  return windowHeaders(nonce, [`ws://${authority}`]);
}
