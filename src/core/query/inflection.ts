/** Other forms of an English word that the stemmer keeps apart from it. */

/** What a word may end in, and what other forms of it end in there. */
const ENDINGS: readonly (readonly [RegExp, readonly string[]])[] = [
  // Plurals from Latin and Greek: indices, matrices, vertices; analyses; criteria; schemata; radii.
  [/(?<=[a-z]{2})ices$/, ['ex', 'ix']],
  [/(?<=[a-z]{2})[ei]x$/, ['ices']],
  [/(?<=[a-z]{2})ses$/, ['sis']],
  [/(?<=[a-z]{3})sis$/, ['ses']],
  [/(?<=[a-z]{4})ia$/, ['ion', 'ium']],
  [/(?<=[a-z]{4})ion$/, ['ia']],
  [/(?<=[a-z]{3})mata$/, ['ma']],
  [/(?<=[a-z]{3})ma$/, ['mata']],
  [/(?<=[a-z]{3})i$/, ['us']],
  [/(?<=[a-z]{3})us$/, ['i']],
  // Words whose own `s` the stemmer takes for a plural's: status, alias.
  [/(?<=[a-z](?:ia|i|u)s)es$/, ['']],
  [/(?<=[a-z](?:ia|i|u)s)$/, ['es']],
  // Leaves, shelves.
  [/(?<=ea|l)ves$/, ['f']],
  [/(?<=ea|l)f$/, ['ves']],
];

/** Forms that may be none: whoever asks looks whether the vocabulary has them. */
export function otherForms(word: string): string[] {
  const forms = ENDINGS.flatMap(([ending, others]) =>
    ending.test(word) ? others.map((other) => word.replace(ending, other)) : [],
  );
  return [...new Set(forms)].filter((form) => form !== word);
}
