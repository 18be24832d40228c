// Every number that both ends of the wire rely on. Units are in the names.

/** Version spoken in the socket handshake and in `Ringtag-Protocol`. */
export const PROTOCOL_VERSION = 2;

/** How long a call request rings (A1: the request's time to live is 60 s, of which 45 s ring). */
export const RING_MS = 45_000;
/** A call request is forgotten this long after it was made, whatever happens. */
export const CALL_REQUEST_TTL_MS = 60_000;
/** After this long of ringing the caller is offered the desk phone. */
export const OFFER_DESK_PHONE_MS = 15_000;
/** A call whose caller's device has been away for this much uptime of the hub rings no longer. */
export const CALLER_AWAY_MS = 5_000;
/** A callee between two pages keeps counting as connected for this long. */
export const RECONNECT_GRACE_MS = 3_000;
/** A room with neither socket connected ends after this much uptime of the hub. */
export const ROOM_WINDOW_MS = 30_000;
/** `lastSeen` of live rooms is written this often. */
export const ROOM_TOUCH_MS = 15_000;

export const BEARER_MS = 15 * 60_000;
/** A session's end never moves. */
export const SESSION_MS = 30 * 24 * 3_600_000;
/** Challenges and sign-in codes are single-use and short-lived. */
export const CHALLENGE_MS = 60_000;
export const SIGN_IN_CODE_MS = 60_000;
/** From opening the popup to the exchange of the code. */
export const SIGN_IN_ATTEMPT_MS = 10 * 60_000;
/** Validity of the token that opens sip-gate. */
export const GATE_TOKEN_MS = 60_000;
/** A rotation of SIP credentials keeps the previous ones valid for this long. */
export const PBX_ROTATION_OVERLAP_MS = 60_000;

export const HTTP_BODY_BYTES = 64 * 1024;
export const SOCKET_MESSAGE_BYTES = 64 * 1024;
export const SDP_CHARS = 48 * 1024;
export const CANDIDATE_CHARS = 1_024;
/** Signals that the hub holds for a call before it is accepted. */
export const HELD_SIGNALS = 100;
export const SIGNALS_PER_MESSAGE = 50;
export const RESOLVE_BATCH = 100;
export const SEARCH_CHARS = 100;
export const SEARCH_RESULTS = 20;
export const NAME_CHARS = 200;
export const DECLINE_MESSAGE_CHARS = 200;
/** Invalid socket messages a minute before the socket is closed. */
export const BAD_MESSAGES_PER_MINUTE = 20;
/** Calls of one device at a time: one talked to, one on hold. */
export const CALLS_PER_DEVICE = 2;
/** Calls that a device shows to the others of its browser. */
export const SHOWN_CALLS = 4;
/** An order to transfer is good for this long. */
export const TRANSFER_MS = 60_000;
/** An offer to take a call over is good for this long. */
export const MOVE_MS = 30_000;
export const HISTORY_PAGE = 50;
/** Longest do-not-disturb that ends by itself. */
export const DO_NOT_DISTURB_MS = 24 * 3_600_000;
/** TURN credentials are good for this long after they were handed out. */
export const TURN_CREDENTIAL_MS = 12 * 3_600_000;
/** A device may report the quality of a call until this long after its end. */
export const QUALITY_REPORT_MS = 10 * 60_000;

/** From a ticket to its visit. */
export const TICKET_MS = 90_000;
/** A guest's SIP credentials outlive their call by this much. */
export const GUEST_AFTER_MS = 10_000;
/** Said aloud and on the screen this long before a visitor's call is cut. */
export const VISIT_WARNING_MS = 30_000;
/** A waiting visitor whose page is silent for this long has left. */
export const VISITOR_AWAY_MS = 10_000;
/** All that is kept of a visitor's context, in characters. */
export const CONTEXT_CHARS = 1_000;
/** `data-context-*` that a page may send, of which the hub keeps what there is room for, and characters of a name. */
export const CONTEXT_KEYS = 64;
export const CONTEXT_KEY_CHARS = 64;
/** From the visitor's turn to the call that their browser makes; then the turn passes. */
export const VISIT_TURN_MS = 15_000;
/** The same where others wait, and turn after turn is let pass. */
export const VISIT_SHORT_TURN_MS = 6_000;
/** A chat that nobody answers for this long offers to leave a message. */
export const CHAT_UNANSWERED_MS = 60_000;
/** A chat in which nobody writes for this long is over… */
export const CHAT_IDLE_MS = 10 * 60_000;
/** …and one in which the visitor waits for an answer, while it is open there, after this long. */
export const CHAT_AWAITED_MS = 30 * 60_000;
/** What one visit may leave: messages, requests to be called back, voices. */
export const LEFT_PER_VISIT = 5;
export const VISIT_MESSAGE_CHARS = 1_000;
export const VISIT_MESSAGES = 200;
/** All that a visitor may write in one visit: whoever answers gets the whole of it at each change. */
export const VISIT_CHARS = 20_000;
export const LEFT_TEXT_CHARS = 2_000;
/** A voice message as recorded (Opus, 24 kbit/s: about five minutes). */
export const VOICE_BYTES = 1_000_000;
export const VOICE_MS = 120_000;
/** What waits for an answer at one destination, left by all of its visitors: people have to look through it. */
export const LEFT_OPEN = 300;
/** Voice messages of one destination, so that what fills it leaves room for others. */
export const VOICES_PER_DESTINATION = 200;
/** Voice messages that are kept at the same time, of all visitors: two gigabytes of the disk that call records need. */
export const VOICES_KEPT = 2_000;
/** A visit may be rated this long after its end. */
export const RATING_MS = 10 * 60_000;
