/** Elements, made in one call; and the page's texts in the user's language. */
export function element<K extends string>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): K extends keyof HTMLElementTagNameMap ? HTMLElementTagNameMap[K] : HTMLElement {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made as K extends keyof HTMLElementTagNameMap ? HTMLElementTagNameMap[K] : HTMLElement;
}

const texts = JSON.parse(document.getElementById('texts')?.textContent ?? '{}') as Record<string, string>;

/** A text by its English form, with `{0}`, `{1}` filled in. */
export function text(english: string, ...values: readonly (string | number)[]): string {
  const translated = texts[english] ?? english;
  return values.reduce<string>((result, value, i) => result.replace(`{${i}}`, String(value)), translated);
}
