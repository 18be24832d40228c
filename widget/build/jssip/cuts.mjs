// What the phone's line leaves out of each file of JsSIP. The line registers one address over one socket, calls and is
// called with a stream of its own, holds, renegotiates, refers, and sends digits in the sound (RFC 4733). It has no
// session timers, subscribes to nothing, sends no INFO, MESSAGE or OPTIONS, and does not heed others' REFER or Replaces.
import { readFileSync } from 'node:fs';

const MD5 = readFileSync(new URL('md5.js', import.meta.url), 'utf8');

/** Of the files below, one after the other. */
export const MADE_FOR = '9be27d3362f6389a';

/** Answers that the phone may give. */
export const REASONS = [
  100, 180, 200, 400, 403, 404, 405, 408, 415, 416, 480, 481, 482, 486, 487, 488, 489, 491, 500, 603,
];

/** Only `insertDTMF` of it; its limits of duration are the caller's to keep. */
const SEND_DTMF = `sendDTMF(tones, { duration, interToneGap } = {}) {
        const sender = this._getDTMFRTPSender();
        if (sender) sender.insertDTMF(sender.toneBuffer + tones, duration, interToneGap);
    }`;

/**
 * Names of JsSIP's that nobody says outside its files, besides those that begin with `_`, and that no string picks a
 * property by. Not parameters of URIs (`transport`, `maddr`), rules of the grammar (`Call_ID`), handlers that a caller
 * gives, or what `sip/` reads of a message.
 */
export const INNER_NAMES =
  `ackTimer addHeader authenticate clearHeaders clearParams clientTransaction close_requested configuration
  contact_uri cseq destroyDialog destroyRTCSession destroyTransaction emit expiresTimer from_uri getHeaders
  getParam hasHeader hasParam host_type hostport_params init_incoming instance_id invite2xxTimer
  isReadyToReOffer isTerminated jssip_id last_response listeners local_seqnum local_tag max_interval
  min_interval multi_header newDialog newTransaction no_answer_timeout normalizeTarget onAuthenticated
  onDialogError onErrorResponse onReceiveResponse onRequestTimeout onSuccessResponse onTransportClosed
  onTransportError onconnecting opaque owner params parseHeader parseSDP reason_phrase
  receiveNotify receiveRequest receiveResponse recover_attempts recovery_options recovery_timer registrar_server
  registrationFailed remote_tag removeListener reply reply_sl resendProvisionalTimer resend_provisional
  route_set ruri sendACK sendRefer sendRequest server_transaction setHeader setParam sip_version stale
  stateChanged status_line textDecoder timer_B timer_D timer_F timer_H timer_I timer_J timer_K timer_L timer_M
  to_uri transportError uac_pending_reply uas_pending_reply unregistered uri_headers uri_params
  userNoAnswerTimer via_branch via_host`.split(/\s+/);

/** Of these the build makes short ones. */
export const INNER = new RegExp(`^(?:_[a-zA-Z].*|${INNER_NAMES.join('|')})$`);

const CONTACT = `const contact = '<' + this.uri + (options.outbound ? ';ob>' : '>');`;

/** `members` of classes and modules fall away, then each of `edits` has to change something. */
export const CUTS = {
  'RTCSession.js': {
    members: `C causes isInProgress isMuted sendDTMF sendInfo newInfo newDTMF _receiveRefer _receiveReplaces _sendUpdate
      _handleSessionTimersInIncomingRequest _handleSessionTimersInIncomingResponse _runSessionTimer _connecting
      _toggleMuteVideo start_time end_time data remote_identity`,
    edits: [
      [/const RTCSession_(?:DTMF|Info|ReferNotifier) = .*\n/g, ''],
      ['    sendRequest(method, options) {', `    ${SEND_DTMF}\n    sendRequest(method, options) {`],
      // No session timers.
      [/if \(this\._sessionTimers\.enabled\) \{\s*if \(Utils[\s\S]*?\n {8}\}\n/g, ''],
      [/this\._handleSessionTimersInIncoming(?:Request|Response)\(.*\);\n/g, ''],
      [/this\._sessionTimers = \{[^}]*\};/, ''],
      ['clearTimeout(this._sessionTimers.timer);', ''],
      [/this\._sessionTimers\.(?:enabled|running)/g, 'false'],
      // UPDATE is answered, never sent.
      [/options\.useUpdate/g, 'false'],
      ["request.hasHeader('replaces')", 'false'],
      [/case JsSIP_C\.(?:INFO|REFER): \{[\s\S]*?(?=case JsSIP_C|default:)/g, ''],
      // What we know and do not allow (RFC 3261 §8.2.1); 501 is for what nobody knows.
      ['request.reply(501)', 'request.reply(405)'],
      // A stream is always given.
      [/else if \(mediaConstraints\.audio \|\| mediaConstraints\.video\)/g, 'else if (false)'],
      [/let tracks;\n[\s\S]*?let peerOffersFullVideo = false;/, ''],
      [/\/\/ Determine incoming media[\s\S]*?(?=\/\/ Create a new RTCPeerConnection)/, ''],
      [/const mediaConstraints = [^;]*;/g, ''],
      ['this._sendInitialRequest(mediaConstraints, ', 'this._sendInitialRequest('],
      [' _sendInitialRequest(mediaConstraints, ', ' _sendInitialRequest('],
      [/if \(this\._localMediaStream && this\._localMediaStreamLocallyGenerated\) \{[^}]*\}/, ''],
      [/this\._localMediaStream(?:LocallyGenerated)? = .*;/g, ''],
      // A new path needs candidates of its own, also while a silent server still keeps those of the old one waiting.
      ["connection.iceGatheringState === 'gathering' && this._iceReady", '$& && !iceRestart'],
      // It has a voice and no picture, and calls under its own name.
      [/if \(this\._videoMuted === (?:true|false) && options\.video\) \{[\s\S]*?\n {8}\}\n/g, ''],
      [/if \(this\._videoMuted\) \{[^}]*\}/, ''],
      ['this._videoMuted = false;', ''],
      [/this\._toggleMuteVideo\(.*\);/g, ''],
      [/const anonymous = .*/, ''],
      ['anonymous,', ''],
      [/if \(anonymous\) \{[\s\S]*?(?=extraHeaders\.push\(`Contact)/, ''],
      // Nobody listens and nobody asks.
      [/this\._connecting\(.*\);/g, ''],
      [/this\._(?:data|tones|start_time|end_time|remote_identity) = .*;/g, ''],
      [/this\.emit\('(?:sending|_failed|muted|unmuted)', \{[^}]*\}\);/g, ''],
    ],
  },
  'UA.js': {
    members: `C registrator isConnected sendMessage subscribe notify sendOptions terminateSessions unregister get
      newMessage newOptions destroyMessage`,
    edits: [
      [/const (?:Subscriber|Notifier|Message|Options|Exceptions) = .*\n/g, ''],
      // Nobody listens for these: JsSIP then answers OPTIONS with 200, MESSAGE and SUBSCRIBE with 405.
      [/this\.listeners\('new(?:Options|Message|Subscribe)'\)\.length === 0/g, 'true'],
      [/const message = new (?:Options|Message)\(this\);\n\s*message\.init_incoming\(request\);/g, ''],
      [/case JsSIP_C\.SUBSCRIBE: \{[\s\S]*?(?=default:)/, ''],
      [/this\.emit\('(?:sipEvent|newTransaction|transactionDestroyed)', \{[^}]*\}\);/g, ''],
      [/this\.emit\('(?:unregistered|registrationFailed)', data\);/g, ''],
      // Without `Replaces`, which is not supported here, an INVITE is a call as any other (RFC 3891 §3).
      ["request.hasHeader('replaces')", 'false'],
      // No such objects.
      [/\/\/ Run {2}_close_ on every applicant\.[\s\S]*?(?=this\._status = )/, ''],
      ['this._applicants = {};', ''],
      // No GRUU (RFC 5627), which Asterisk does not give.
      [/const anonymous = [\s\S]*?contact \+= '>';/, CONTACT],
      [/(?:pub|temp)_gruu: null,/g, ''],
      // The configuration is our own.
      ['if (this._configuration.contact_uri)', 'if (false)'],
      [/if \(this\._configuration\.display_name === 0\) \{[^}]*\}/, ''],
      ['this._configuration.password = null;', ''],
      [/\/\/ Seal the configuration\.[\s\S]*?\n {8}return;/, ''],
      [/const sensitiveKeys = .*;/, ''],
      [/case '(?:password|authorization_user|authorization_jwt|display_name|extra_headers)': \{[^}]*\}/g, ''],
      [/catch \(error\) \{[;\s]*throw new Exceptions[^}]*\}/, 'finally {}'],
    ],
  },
  'Transport.js': {
    members: '_getSocket sip_uri url',
    edits: [
      ["const Socket = require('./Socket');", ''],
      ['recovery_options = C.recovery_options', 'recovery_options'],
      // One socket, and every browser has a TextDecoder.
      [
        /try \{\s*this\.textDecoder = (.*)[\s\S]*?this\._getSocket\(\);/,
        'this.textDecoder = $1\n        this.socket = sockets[0];',
      ],
      ['this.sockets = [];', ''],
      ['this._getSocket();', ''],
      [/else \{\s*this\.sockets\.forEach[\s\S]*?\}, this\);\s*\}/, ''],
      [/if \(this\.textDecoder\) (\{[^}]*\})\s*else \{[^}]*\}/, '$1'],
    ],
  },
  'Utils.js': {
    members:
      'isFunction isString isDecimal isEmpty hasMethods hostType getRandomTestNetIP calculateMD5 closeMediaStream',
    edits: [
      ["const Grammar = require('./Grammar');", ''],
      [/const (\w+) = \(exports\.\1 = ([\s\S]*?)\);\n(?=exports|\/|const)/g, 'exports.$1 = $2;\n'],
      ['JsSIP_C.causes[cause]', 'cause'],
      [/exports\.cloneArray = /, (found) => `${MD5}\n${found}`],
      [/exports\.(\w+) = /g, 'export const $1 = '],
    ],
  },
  'Parser.js': {
    edits: [
      [/exports\.(\w+) = /g, 'export const $1 = '],
      // Read by none: headers as any others.
      [/case '(?:session-expires|refer-to|replaces)':[\s\S]*?break;\s*\}/g, ''],
    ],
  },
  'SIPMessage.js': {
    members: 'OutgoingRequest.parseSDP OutgoingRequest.hasHeader',
    edits: [
      [/(?:this\.)?ua\.configuration\.(?:session_timers|use_preloaded_route|extra_headers)/g, 'false'],
      [/this\.ua\.contact\.(?:pub|temp)_gruu/g, 'false'],
      ["supported.push('path', 'gruu');", "supported.push('path');"],
      [/typeof params\.to_display_name[^;]*;/, 'null;'],
      [/let display_name;[\s\S]*?(?=this\.from = )/, 'const display_name = null;\n'],
      ["supported.push('replaces');", ''],
      [/supported\.push\('ice', 'replaces'\);/g, "supported.push('ice');"],
    ],
  },
  'RequestSender.js': {
    edits: [
      ['ua.C.STATUS_USER_CLOSED', 'UA.C.STATUS_USER_CLOSED'],
      [/this\._ua\._configuration\.authorization_jwt/g, 'false'],
      [/this\._ua\.configuration\.password !== null \|\|/, ''],
      ['password: this._ua.configuration.password,', ''],
    ],
  },
  'Registrator.js': {
    members: 'setExtraHeaders setExtraContactParams',
    edits: [
      [/if \(this\._ua\.configuration\.register_from_tag_trail\) \{[\s\S]*?\n {8}\}\n/, ''],
      [/\/\/ Save gruu values\.[\s\S]*?(?=if \(!this\._registered\))/, ''],
      [/this\._ua\.listeners\('registrationExpiring'\)\.length === 0/, 'true'],
      ["this._extraContactParams = '';", ''],
      [/\$\{this\._extraContactParams\}/g, ''],
    ],
  },
  'Transactions.js': { members: 'C' },
  'Dialog.js': { members: 'C' },
  'RTCSession/ReferSubscriber.js': {},
  'Dialog/RequestSender.js': {},
  'NameAddrHeader.js': { members: 'parse deleteParam clearParams clone' },
  'URI.js': { members: 'deleteParam getHeader hasHeader deleteHeader toAor' },
  'DigestAuthentication.js': {
    edits: [
      // We are given HA1, and Asterisk asks for `auth`, or for no protection at all.
      [/this\._credentials\.password/g, 'false'],
      ["challenge.qop.indexOf('auth-int') > -1", 'false'],
      ["this._qop === 'auth-int'", 'false'],
    ],
  },
  'sanityCheck.js': {},
};
