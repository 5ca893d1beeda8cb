/**
 * `X-ARR-SSL` of App Service and of IIS ARR: `number|number|issuer|subject`, describing the server
 * certificate that answered the previous hop. Container Apps sends the literal `true` instead. The
 * numbers are the certificate's key bits and the cipher's, by observation only.
 */
export interface ArrSsl {
  readonly keyBits: number;
  readonly cipherBits: number;
  readonly issuer: string;
  readonly subject: string;
}

/** Undefined for `true` and for all that does not have four fields. Names may hold commas, never `|`. */
export function parseArrSsl(value: string): ArrSsl | undefined {
  const [key = "", cipher = "", issuer, subject, ...more] = value.split("|");
  if (issuer === undefined || subject === undefined || more.length > 0) return undefined;
  if (!/^\d{1,5}$/.test(key) || !/^\d{1,5}$/.test(cipher)) return undefined;
  return { keyBits: Number(key), cipherBits: Number(cipher), issuer, subject };
}
