// Stands in for the `sdp-transform` package: of a session description JsSIP reads the kinds and directions of media,
// and writes changed directions back. All other lines stay as they are.
const DIRECTION = /^a=(sendrecv|recvonly|sendonly|inactive)\b/m;

const directionOf = (lines) => DIRECTION.exec(lines)?.[1];

export function parse(sdp) {
  const [session, ...media] = sdp.split(/^(?=m=)/m);
  return {
    session,
    direction: directionOf(session),
    media: media.map((lines) => ({
      lines,
      type: /^m=(\w*)/.exec(lines)[1],
      direction: directionOf(lines),
    })),
  };
}

export function write({ session, media }) {
  return session + media.map(written).join('');
}

function written({ lines, direction }) {
  if (!direction) return lines;
  const line = `a=${direction}`;
  return DIRECTION.test(lines) ? lines.replace(DIRECTION, line) : `${lines}${line}\r\n`;
}
