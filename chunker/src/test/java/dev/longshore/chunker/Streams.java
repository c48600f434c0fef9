package dev.longshore.chunker;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Inputs of the tests, and a loop that cuts them.
final class Streams {
  private Streams() {}

  /// The keystream that the vectors were made of: AES-128-CTR, zero key, zero initial counter.
  static byte[] keystream(int length) {
    try {
      Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(
          Cipher.ENCRYPT_MODE,
          new SecretKeySpec(new byte[16], "AES"),
          new IvParameterSpec(new byte[16]));
      return cipher.doFinal(new byte[length]);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  static byte[] repeat(String pattern, int length) {
    byte[] data = new byte[length];
    for (int i = 0; i < length; i++) {
      data[i] = (byte) pattern.charAt(i % pattern.length());
    }
    return data;
  }

  static byte[] concat(byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    byte[] all = new byte[length];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  /// The ends of all chunks of `data`, when the splitter sees at most `sliceBytes(position)` at
  /// once.
  static List<Integer> ends(Splitter splitter, byte[] data, IntUnaryOperator sliceBytes) {
    List<Integer> ends = new ArrayList<>();
    int at = 0;
    int chunkStart = 0;
    while (at < data.length) {
      int slice = Math.min(sliceBytes.applyAsInt(at), data.length - at);
      int sliceEnd = at + slice;
      while (at < sliceEnd) {
        int cut = splitter.nextCut(data, at, sliceEnd - at);
        if (cut < 0) {
          at = sliceEnd;
        } else {
          at += cut;
          ends.add(at);
          chunkStart = at;
        }
      }
    }
    if (chunkStart < data.length) {
      ends.add(data.length);
    }
    return ends;
  }
}
