import * as v from 'valibot';
import { sourceKinds } from './source.ts';

/**
 * The configuration as the screen edits it. Secrets are references (`${env:NAME}`, `${file:PATH}`); a
 * literal secret in the file is accepted with a warning and is never sent to a window.
 */
const authenticationSchema = v.variant('kind', [
  v.object({ kind: v.literal('none') }),
  v.object({ kind: v.literal('basic'), username: v.string(), password: v.string() }),
  v.object({ kind: v.literal('bearer'), token: v.string() }),
]);
export type Authentication = v.InferOutput<typeof authenticationSchema>;

export const sourceDraftSchema = v.object({
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  kind: v.picklist(sourceKinds),
  url: v.pipe(v.string(), v.minLength(1), v.maxLength(2_048)),
  authentication: authenticationSchema,
  /** Any further headers; values may be secret references. */
  headers: v.array(v.object({ name: v.string(), value: v.string() })),
  /** Sent as `X-Scope-OrgID`, or empty. */
  tenant: v.string(),
  tls: v.object({
    /** Path of a PEM file with certificate authorities, or empty for the system's and Node's own. */
    caFile: v.string(),
    /** Paths of PEM files for a client certificate, or empty. */
    certFile: v.string(),
    keyFile: v.string(),
    /** SHA-256 of the server's certificate, 64 hex digits, or empty. A changed certificate is refused. */
    pinnedSha256: v.string(),
    /** Name to expect in the certificate where it differs from the address, or empty. */
    serverName: v.string(),
  }),
  /** `system`, `none`, or the address of a proxy. */
  proxy: v.pipe(v.string(), v.minLength(1), v.maxLength(2_048)),
  pollSeconds: v.pipe(v.number(), v.minValue(1), v.maxValue(3_600)),
  timeoutSeconds: v.pipe(v.number(), v.minValue(1), v.maxValue(300)),
});
export type SourceDraft = v.InferOutput<typeof sourceDraftSchema>;

export const configurationProblemSchema = v.object({
  severity: v.picklist(['error', 'warning']),
  file: v.string(),
  /** From 1. */
  line: v.number(),
  /** From 1. */
  column: v.number(),
  /** The place in the document, `sources[2].url`. */
  path: v.string(),
  message: v.string(),
  /** What is accepted here, or the nearest known name; empty where there is nothing to say. */
  accepted: v.string(),
});
export type ConfigurationProblem = v.InferOutput<typeof configurationProblemSchema>;

export const settingsViewSchema = v.object({
  /** Path of the configuration file, whether or not it exists. */
  path: v.string(),
  exists: v.boolean(),
  demo: v.boolean(),
  environment: v.string(),
  operator: v.string(),
  groupBy: v.array(v.string()),
  /** The sources of the configuration in force, secrets as references. */
  sources: v.array(
    v.object({
      draft: sourceDraftSchema,
      /** Line of the source in the file, from 1; 0 for the demo fleet's. */
      line: v.number(),
      /** One entry for each secret reference: whether it could be read. Never its value. */
      secrets: v.array(v.object({ reference: v.string(), found: v.boolean() })),
    }),
  ),
  problems: v.array(configurationProblemSchema),
});
export type SettingsView = v.InferOutput<typeof settingsViewSchema>;
