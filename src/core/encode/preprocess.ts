/** Preprocessing: what an encoder wants done to a text before it is tokenized. Part of an encoder's identity. */

/** Names of the steps, as a model's neosearch.json lists them. */
export type PreprocessingStep = 'split-identifiers';

export const PREPROCESSING_STEPS: readonly PreprocessingStep[] = ['split-identifiers'];

/** What each step does. */
const STEPS: Readonly<Record<PreprocessingStep, (text: string) => string>> = {
  'split-identifiers': splitIdentifiers,
};

/** Does the steps in their order. */
export function preprocess(text: string, steps: readonly PreprocessingStep[]): string {
  return steps.reduce((current, step) => STEPS[step](current), text);
}

/** Between a lower-case letter or digit and a capital; between a capital and a capital that opens a word. */
const CAMEL = /(?<=[\p{Ll}\p{Nd}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/gu;

/** `getHTTPServer` and `get_http_server` become `get HTTP Server` and `get http server`. */
function splitIdentifiers(text: string): string {
  return text.replace(CAMEL, ' ').replace(/_+/g, ' ');
}
