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

/** `members` of classes and modules fall away, then each of `edits` has to change something. */
export const CUTS = {
  'RTCSession.js': {
    members: `C causes isInProgress isMuted sendDTMF sendInfo newInfo newDTMF _receiveRefer _receiveReplaces _sendUpdate
      _handleSessionTimersInIncomingRequest _handleSessionTimersInIncomingResponse _runSessionTimer _connecting
      start_time end_time data remote_identity`,
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
      // The configuration is our own.
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
      [/(?:this\.)?ua\.configuration\.(?:session_timers|use_preloaded_route)/g, 'false'],
      ["supported.push('replaces');", ''],
      [/supported\.push\('ice', 'replaces'\);/g, "supported.push('ice');"],
    ],
  },
  'RequestSender.js': { edits: [['ua.C.STATUS_USER_CLOSED', 'UA.C.STATUS_USER_CLOSED']] },
  'Registrator.js': { members: 'setExtraHeaders setExtraContactParams' },
  'Transactions.js': { members: 'C' },
  'Dialog.js': { members: 'C' },
  'RTCSession/ReferSubscriber.js': {},
  'Dialog/RequestSender.js': {},
  'NameAddrHeader.js': { members: 'parse deleteParam clearParams clone' },
  'URI.js': { members: 'deleteParam getHeader hasHeader deleteHeader toAor' },
  'DigestAuthentication.js': {},
  'sanityCheck.js': {},
};
