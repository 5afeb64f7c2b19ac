import { createHash, randomUUID } from "node:crypto";

/** Logins as families of refresh tokens. Holds hashes only: who reads this store cannot log in with it. */
export function createTokenStore() {
  const families = new Map();
  const familyByHash = new Map();
  return {
    startFamily(token, login) {
      const family = { id: randomUUID(), current: hashOf(token), ...login };
      families.set(family.id, family);
      familyByHash.set(family.current, family.id);
    },
    /** The family that a token belongs to, whether the token is its current one or was used before. */
    findFamily(token) {
      return families.get(familyByHash.get(hashOf(token)));
    },
    isCurrent(family, token) {
      return family.current === hashOf(token);
    },
    rotate(family, token) {
      family.current = hashOf(token);
      familyByHash.set(family.current, family.id);
    },
    endFamily(family) {
      families.delete(family.id);
    },
    size() {
      return familyByHash.size;
    },
  };
}

function hashOf(token) {
  return createHash("sha256").update(token).digest("base64url");
}
