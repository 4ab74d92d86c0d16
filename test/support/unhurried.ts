/** Settings for tests that write, or fail to sign in, more often than people do. */
export const unhurried = {
  SUBMISSIONS_PER_MINUTE: '1000000',
  SUBMISSIONS_PER_HOUR: '1000000',
  FAILED_SIGN_INS_PER_MINUTE: '1000000',
}
