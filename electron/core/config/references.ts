import { keychainName } from '#shared/host-window.ts';

/**
 * The grammar of secret references, `${env:NAME}`, `${file:PATH}` and `${keychain:NAME}`, alone or inside a longer text.
 * Pure: reading what they stand for is for secrets.ts.
 */
export interface SecretReference {
  /** As it is written, `${env:NAME}`. */
  readonly text: string;
  /** `env`, `file`, `keychain`, or whatever else was written before the colon. */
  readonly store: string;
  readonly name: string;
}

export const acceptedReferences = '${env:NAME}, ${file:PATH} or ${keychain:NAME}';

const referencePattern = /\$\{([^{}:]{0,32}):([^{}]{0,1024})\}/g;
const schemePattern = /^(?:(?:Bearer|Basic|Token|ApiKey) ?)?$/i;

export function referencesIn(value: string): readonly SecretReference[] {
  return [...value.matchAll(referencePattern)].map(([text, store = '', name = '']) => ({
    text,
    store,
    name,
  }));
}

/** The text with every reference replaced by what it stands for. */
export function replaceReferences(value: string, read: ReadonlyMap<string, string>): string {
  return value.replace(referencePattern, (reference) => read.get(reference) ?? '');
}

/**
 * Whether a value has something secret of its own, that is, anything but references and the name of an
 * authentication scheme before them. An empty value has not.
 */
export function isLiteralSecret(value: string): boolean {
  return !schemePattern.test(value.replace(referencePattern, ''));
}

/**
 * What is wrong with the references of a value, or null. Says the reference and never the text around it.
 */
export function referenceMistake(
  value: string,
): { readonly message: string; readonly accepted: string } | null {
  for (const { text, store, name } of referencesIn(value)) {
    if (store !== 'env' && store !== 'file' && store !== 'keychain')
      return { message: `found ${text}`, accepted: acceptedReferences };
    if (store === 'keychain' && !keychainName.test(name)) {
      const message = `found ${text}, and a name in the keychain is 1 to 64 letters, digits, dots, hyphens and underscores`;
      return { message, accepted: '${keychain:NAME}, such as ${keychain:prometheus-token}' };
    }
    if (name.trim() === '' || name !== name.trim()) {
      return { message: `found ${text}, a reference without a clear name`, accepted: acceptedReferences };
    }
  }
  if (!value.replace(referencePattern, '').includes('${')) return null;
  return { message: 'found "${" that begins no whole reference', accepted: acceptedReferences };
}
