const OTHER_PARAMETER = /;(?!\s*q\s*=\s*(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*(?:[,;]|$))[^;,]*/gi

/**
 * A header such as Accept with its valid weights only (RFC 9110, 12.4.2): other parameters and malformed
 * weights are removed, so that the latter count as 1.
 */
export function weightsOnly(header: string): string {
  return header.replace(OTHER_PARAMETER, '')
}
