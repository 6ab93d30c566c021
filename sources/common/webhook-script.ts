/** What an administrator may paste, or what the source creates: the business rule's script. */
export interface RuleSettings {
  endpoint: string;
  /** Base64 of the key that signs deliveries. */
  key: string;
}

/** A literal of the script. */
export const text = (value: string) => JSON.stringify(value);

/**
 * The script of the business rule. It sends which record changed and its display value, such as the number, which a deletion is told by; the
 * source reads the record itself, under the account's own rights. The signature covers the time of sending and the body.
 */
export function ruleScript({ endpoint, key }: RuleSettings): string {
  return `(function executeRule(current, previous) {
  var body = JSON.stringify({
    table: String(current.getTableName()),
    sys_id: String(current.getUniqueValue()),
    operation: String(current.operation()),
    display_value: String(current.getDisplayValue()),
    sys_updated_on: String(current.getValue('sys_updated_on')),
    sys_mod_count: String(current.getValue('sys_mod_count'))
  });
  var sent = String(new Date().getTime());
  var mac = new GlideCertificateEncryption().generateMac(${text(key)}, 'HmacSHA256', sent + '.' + body);
  var request = new sn_ws.RESTMessageV2();
  request.setEndpoint(${text(endpoint)});
  request.setHttpMethod('post');
  request.setRequestHeader('Content-Type', 'application/json');
  request.setRequestHeader('X-Sent-At', sent);
  request.setRequestHeader('X-Signature', String(mac));
  request.setRequestBody(body);
  request.execute();
})(current, previous);
`;
}

export const PLACEHOLDER = "PUT THE BASE64 FORM OF YOUR SIGNING SECRET HERE";
