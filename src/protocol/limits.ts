/** Limits that both sides keep; apart from the messages, which bring their transport along. */

/** Longer texts, in UTF-16 code units, are not searched before they are saved: a quarter of a second's work each. */
export const MOST_UNSAVED = 250_000;
