/// Keyed hashes, authenticated encryption, key derivation and error correction.
@org.jspecify.annotations.NullMarked
module longshore.crypto {
  requires static org.jspecify;
  requires jdk.incubator.vector;

  exports dev.longshore.crypto.cipher;
  exports dev.longshore.crypto.ecc;
  exports dev.longshore.crypto.hash;
  exports dev.longshore.crypto.kdf;
}
