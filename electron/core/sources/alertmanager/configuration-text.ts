/**
 * Takes the secrets out of the addresses in a configuration that an Alertmanager tells. 0.25 tells the
 * addresses of webhooks in clear, `http://user:secret@host` (prometheus/alertmanager#3228); whatever is
 * kept or shown of a configuration goes through here first.
 */
export function withoutUrlSecrets(configuration: string): string {
  return configuration.replace(/\bhttps?:\/\/[^\s"']+/gi, (address) => {
    const [beforeQuery = '', ...query] = address.split('?');
    const [scheme = '', ...rest] = beforeQuery.split('//');
    const authorityAndPath = rest.join('//');
    const credentialsEnd = authorityAndPath.lastIndexOf('@');
    const cleaned =
      credentialsEnd < 0 ? authorityAndPath : `<secret>@${authorityAndPath.slice(credentialsEnd + 1)}`;
    return `${scheme}//${cleaned}${query.length === 0 ? '' : '?<secret>'}`;
  });
}
