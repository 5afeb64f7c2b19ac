/** Refresh tokens and whose they are. In memory; written to disk at shutdown by server.js. */
export function createTokenStore() {
  const logins = new Map();
  return {
    save(token, login) {
      logins.set(token, login);
    },
    find(token) {
      return logins.get(token);
    },
    size() {
      return logins.size;
    },
  };
}
