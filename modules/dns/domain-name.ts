import { Token } from "cdktf";

const LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
const DOMAIN = new RegExp(`^(${LABEL}\\.)+${LABEL}$`);

/**
 * Checks the name of a zone or a host. One that is known only at deployment is not checked.
 *
 * @param field name of the field, for the error
 * @throws Error naming the field, what it must be and what it is
 */
export function checkDomainName(field: string, value: string): void {
  if (Token.isUnresolved(value) || (DOMAIN.test(value) && value.length <= 253)) return;
  throw new Error(`${field} must be a domain name in lower case such as api.example.com, got "${value}"`);
}
