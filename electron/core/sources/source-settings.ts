import type { SourceKind } from '#shared/model/source.ts';

/**
 * A source as the clients use it: checked, with every secret read. Made by the configuration, kept in
 * the core's memory only, never sent to a window, a log or an export.
 */
export interface SourceSettings {
  readonly name: string;
  readonly kind: SourceKind;
  /** Which server it is, whatever it is called and with whichever password it is asked; holds no secret. */
  readonly identity: string;
  /** Absolute http or https address without credentials, query or fragment; the path is the base path. */
  readonly url: string;
  /** Every header to send, credentials and tenant included. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: {
    /** PEM text; null for the system's and Node's own authorities. */
    readonly ca: string | null;
    readonly certificate: string | null;
    readonly key: string | null;
    /** SHA-256 of the server's certificate, 64 lower-case hex digits; null where none is pinned. */
    readonly pinnedSha256: string | null;
    readonly serverName: string | null;
  };
  /** Absolute http or https address of the proxy, which may hold credentials; null for none. */
  readonly proxy: string | null;
  readonly pollMs: number;
  readonly timeoutMs: number;
  /** Whether each poll asks for alerts: of all that is configured, decided by `isAskedForAlerts`. */
  readonly tellsAlerts: boolean;
}

/** An alert as a source told it, checked and mapped: before the console knows anything of it. */
export interface ReportedAlert {
  readonly fingerprint: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAtMs: number;
  readonly generatorUrl: string;
  readonly state: 'firing' | 'suppressed';
  readonly silencedBy: readonly string[];
  readonly inhibitedBy: readonly string[];
  /** Whom its routes notify; null or missing where the source does not tell. */
  readonly receivers?: readonly string[] | null;
}

/** The whole answer of one good poll of one source of alerts. */
export interface AlertSnapshot {
  readonly source: string;
  /** When the answer was complete. */
  readonly atMs: number;
  /**
   * Since when the server knows its alerts without a break, by its own word, asked in the same poll; null where
   * it does not tell: then nobody saw an alert end that it no longer has.
   */
  readonly serverStartedAtMs: number | null;
  readonly alerts: readonly ReportedAlert[];
  /** Fingerprints of alerts that ended by the server's own word, whatever it may have forgotten otherwise. */
  readonly knownEnds?: readonly string[];
  /** How the server routes; null or missing where the source does not tell. */
  readonly configuration?: ToldConfiguration | null;
  /** With whom the server gossips, itself included; empty or missing where it has no cluster. */
  readonly peers?: readonly { readonly name: string; readonly address: string }[];
}

/** The configuration of a server in its own words, asked in the same poll as its alerts. */
export interface ToldConfiguration {
  /** As YAML, without the credentials of its addresses. */
  readonly text: string;
  /** Of the server: older ones read some matchers otherwise. */
  readonly version: string;
}
