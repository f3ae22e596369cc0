/** Which changes below a root are worth telling the engine. */

/** Version control's own files: they change all the time, and none is ever indexed. */
const NEVER = /(^|\/)\.(git|hg|svn|jj)(\/|$)/;
/** What git reads for its ignore rules: a change there changes what is indexed. */
const RULES = /(^|\/)\.git\/info\/exclude$/;

/** @param path relative to the root, with forward slashes; empty for the root itself */
export function isWorthTelling(path: string): boolean {
  return path !== '' && (!NEVER.test(path) || RULES.test(path));
}
