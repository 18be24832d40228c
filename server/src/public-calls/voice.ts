// What a recorded sound is, by its first bytes: nobody's word about it is believed, and what is none of the three
// containers that browsers record into is refused. Served, it is named by what was found here.

/** The media type of the container; undefined where it is none that is taken. */
export function voiceType(bytes: Uint8Array): 'audio/webm' | 'audio/ogg' | 'audio/mp4' | undefined {
  // EBML, RFC 8794 §11.2.1: WebM and Matroska.
  if (startsWith(bytes, [0x1a, 0x45, 0xdf, 0xa3])) return 'audio/webm';
  // RFC 3533 §6: "OggS".
  if (startsWith(bytes, [0x4f, 0x67, 0x67, 0x53])) return 'audio/ogg';
  // ISO/IEC 14496-12 §4.3: the size of a box, then "ftyp".
  return startsWith(bytes.subarray(4), [0x66, 0x74, 0x79, 0x70]) ? 'audio/mp4' : undefined;
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return bytes.length > magic.length && magic.every((byte, index) => bytes[index] === byte);
}
