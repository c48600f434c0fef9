/// The system's OpenSSL, called in place.
@org.jspecify.annotations.NullMarked
package dev.longshore.crypto.openssl;
