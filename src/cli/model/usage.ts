/** How `neosearch model` is called; apart from it, so that the help loads nothing of it. */
export const USAGE =
  'model list [--hub [WORDS]] | pull OWNER/NAME[@REVISION] [--quantized] | use NAME|DIR | info NAME|DIR | remove NAME [--yes] [--force] [--index-dir DIR] [--json]';
