// Stands in for JsSIP's `Config`: what the line gives is used unchecked, what it does not give has JsSIP's defaults.
import URI from './URI.js';
import { createRandomToken } from './Utils.js';

export const settings = {
  authorization_user: null,
  realm: null,
  ha1: null,
  instance_id: null,
  no_answer_timeout: 60,
  register: true,
  register_expires: 600,
  registrar_server: null,
  connection_recovery_max_interval: 30,
  connection_recovery_min_interval: 2,
  via_host: `${createRandomToken(12)}.invalid`,
};

export function load(into, given) {
  Object.assign(into, given, { uri: URI.parse(given.uri) });
}
