/** From a file's bytes to its text, whatever its encoding; or the finding that it is no text. */

/** Encodings that files are read in. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

export interface Decoded {
  /** Without a byte order mark; line ends as they are in the file. */
  readonly text: string;
  readonly encoding: Encoding;
}

/**
 * Decodes a file. A byte order mark decides; then zero bytes at every second place mean UTF-16 and any other
 * zero byte means binary; then UTF-8 where it is valid but for stray bytes; then Windows-1252.
 * @returns undefined when the bytes are not text
 */
export function decode(bytes: Uint8Array): Decoded | undefined {
  if (startsWith(bytes, 0xef, 0xbb, 0xbf)) return utf8(bytes) ?? legacy(bytes.subarray(3));
  // UTF-32, which no source file uses, opens like UTF-16.
  if (startsWith(bytes, 0xff, 0xfe) && !startsWith(bytes.subarray(2), 0, 0)) return utf16(bytes, 'utf-16le');
  if (startsWith(bytes, 0xfe, 0xff)) return utf16(bytes, 'utf-16be');
  if (bytes.includes(0)) {
    const encoding = utf16ByZeros(bytes);
    return encoding && utf16(bytes, encoding);
  }
  return utf8(bytes) ?? legacy(bytes);
}

function startsWith(bytes: Uint8Array, ...opening: readonly number[]): boolean {
  return opening.every((byte, at) => bytes[at] === byte);
}

function utf8(bytes: Uint8Array): Decoded | undefined {
  try {
    return textOnly({ text: strictUtf8.decode(bytes), encoding: 'utf-8' });
  } catch {
    // Not valid throughout. A few stray bytes in a file that is UTF-8 otherwise do not make it another one.
    const text = lenientUtf8.decode(bytes);
    let bad = 0;
    let good = 0;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (unit === 0xfffd) bad++;
      else if (unit > 0x7f) good++;
    }
    return good >= 3 * bad ? textOnly({ text, encoding: 'utf-8' }) : undefined;
  }
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });
const lenientUtf8 = new TextDecoder('utf-8');
const utf16Decoder = new TextDecoder('utf-16le');

function utf16(bytes: Uint8Array, encoding: 'utf-16le' | 'utf-16be'): Decoded | undefined {
  const little = encoding === 'utf-16le' ? bytes : swapped(bytes);
  return textOnly({ text: utf16Decoder.decode(little), encoding });
}

/** Which half of each pair of bytes is zero, as it is for Latin letters in UTF-16; undefined for neither. */
function utf16ByZeros(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const length = Math.min(bytes.length, sampleBytes) & ~1;
  if (length < 4 || bytes.length % 2 === 1) return undefined;
  let first = 0;
  let second = 0;
  for (let at = 0; at < length; at += 2) {
    if (bytes[at] === 0) first++;
    if (bytes[at + 1] === 0) second++;
  }
  const pairs = length / 2;
  if (second > pairs * 0.7 && first <= 1 + pairs * 0.02) return 'utf-16le';
  if (first > pairs * 0.7 && second <= 1 + pairs * 0.02) return 'utf-16be';
  return undefined;
}

function swapped(bytes: Uint8Array): Uint8Array {
  const result = bytes.slice(0, bytes.length & ~1);
  for (let at = 0; at < result.length; at += 2) {
    result[at] = bytes[at + 1] ?? 0;
    result[at + 1] = bytes[at] ?? 0;
  }
  return result;
}

/** Windows-1252, of which Latin-1 text is a part: every byte stands for a character. */
function legacy(bytes: Uint8Array): Decoded | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    .toString('latin1')
    .replace(/[\x80-\x9f]/g, (char) => windows1252.charAt(char.charCodeAt(0) - 0x80));
  return textOnly({ text, encoding: 'windows-1252' });
}

/** Characters of the bytes 80 to 9F. */
const windows1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

const sampleBytes = 8192;

/** Undefined for what decodes but is no text: more than a few control characters at the start. */
function textOnly(decoded: Decoded): Decoded | undefined {
  const length = Math.min(decoded.text.length, sampleBytes);
  let controls = 0;
  for (let at = 0; at < length; at++) {
    const unit = decoded.text.charCodeAt(at);
    // Tab, line feed, vertical tab, form feed, carriage return and escape occur in text.
    if (unit < 0x20 && !(unit >= 0x09 && unit <= 0x0d) && unit !== 0x1b) controls++;
  }
  return controls > Math.max(2, length * 0.02) ? undefined : decoded;
}
