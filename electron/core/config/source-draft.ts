import type { SourceDraft } from '#shared/model/settings.ts';
import { commandFailure } from '#shared/failure.ts';
import type { CommandFailure } from '#shared/failure.ts';
import { failed, success } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import type { SourceEntry } from './configuration.ts';
import { acceptedReferences, isLiteralSecret } from './references.ts';

/**
 * The two ways between a source as its file says it and the draft that a window edits. A literal secret
 * leaves as a mask; a mask that comes back stands for what the file has.
 */
export const maskedSecret = '••••••';

/** A source for a window: no literal secret is in it. The value of a header may be one, so it counts as one. */
export function draftOf(entry: SourceEntry): SourceDraft {
  const draft = literalDraftOf(entry);
  return withSecrets(draft, masked);
}

/** A source as a draft with its literal secrets, for comparing and writing; never for a window. */
export function literalDraftOf(entry: SourceEntry): SourceDraft {
  const { path: _path, pollMs, timeoutMs, watchdog: _watchdog, ...rest } = entry;
  const headers = entry.headers.map((header) => ({ ...header }));
  return { ...rest, headers, pollSeconds: pollMs / 1_000, timeoutSeconds: timeoutMs / 1_000 };
}

function masked(value: string): string {
  return isLiteralSecret(value) ? maskedSecret : value;
}

/** The draft with each of its secrets replaced; `path` is the secret's place below the source. */
function withSecrets(draft: SourceDraft, replace: (value: string, path: string) => string): SourceDraft {
  const { authentication } = draft;
  const headers = draft.headers.map(({ name, value }) => ({ name, value: replace(value, `header ${name}`) }));
  switch (authentication.kind) {
    case 'none':
      return { ...draft, headers };
    case 'basic': {
      const password = replace(authentication.password, 'password');
      return { ...draft, headers, authentication: { ...authentication, password } };
    }
    case 'bearer': {
      const token = replace(authentication.token, 'token');
      return { ...draft, headers, authentication: { kind: 'bearer', token } };
    }
  }
}

/**
 * The draft with every mask replaced by what the stored source has there. A mask is honoured only while
 * the draft names the same server: nobody can have a stored secret sent elsewhere without knowing it.
 * @param stored the source that the draft replaces, or null for a new one.
 */
export function unmasked(
  draft: SourceDraft,
  stored: SourceEntry | null,
): Result<SourceDraft, CommandFailure> {
  const known = new Map<string, string>();
  if (stored !== null && sameServer(draft.url, stored.url)) {
    withSecrets(literalDraftOf(stored), (value, path) => {
      known.set(path, value);
      return value;
    });
  }
  const missing: string[] = [];
  const revealed = withSecrets(draft, (value, path) => {
    if (value !== maskedSecret) return value;
    if (!known.has(path)) missing.push(path);
    return known.get(path) ?? '';
  });
  if (missing.length === 0) return success(revealed);
  const message = `The ${missing.join(' and the ')} is masked, and nothing is stored for this server.`;
  const nextStep = `Enter it again, best as a reference: ${acceptedReferences}.`;
  return failed(commandFailure('invalid-input', message, nextStep));
}

function sameServer(left: string, right: string): boolean {
  return URL.canParse(left) && URL.canParse(right) && new URL(left).origin === new URL(right).origin;
}
