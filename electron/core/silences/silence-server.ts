import type { AlertmanagerClient } from '#core/sources/alertmanager/client.ts';
import type { Silence, SilencePost, SilenceTrouble } from '#core/sources/alertmanager/model.ts';
import type { SourceFailure } from '#shared/failure.ts';
import type { Result } from '#shared/result.ts';

/** One Alertmanager, as far as silences go. */
export interface SilenceServer {
  readonly source: string;
  /** Which server it is, whatever it is called: see `SourceSettings.identity`. */
  readonly identity: string;
  /** Its clock minus ours by its last answer; null where it did not tell. */
  readonly clockSkewMs: () => number | null;
  readonly silences: () => Promise<Result<readonly Silence[], SourceFailure>>;
  /** Null where it has no such silence. */
  readonly silence: (id: string) => Promise<Result<Silence | null, SourceFailure>>;
  /** @returns the id of what is in force then. */
  readonly putSilence: (silence: SilencePost) => Promise<Result<string, SilenceTrouble>>;
  readonly expireSilence: (id: string) => Promise<Result<void, SilenceTrouble>>;
}

export function silenceServerOf(source: string, client: AlertmanagerClient): SilenceServer {
  return {
    source,
    identity: client.http.settings.identity,
    clockSkewMs: () => client.http.clockSkewMs,
    silences: () => client.silences(),
    silence: (id) => client.silence(id),
    putSilence: (silence) => client.putSilence(silence),
    expireSilence: (id) => client.expireSilence(id),
  };
}
