/// Keys from passwords and keys from keys.
@org.jspecify.annotations.NullMarked
package dev.longshore.crypto.kdf;
