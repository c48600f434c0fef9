package dev.longshore.format.directory;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.json.GoTime;
import dev.longshore.format.json.JsonInput;
import dev.longshore.format.json.RawText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads a directory that is written byte for byte as Kopia and we write it: no space, fields in
/// their order, times in UTC. That is nearly every directory there is, and takes a fraction of what
/// a JSON parser does. Where anything else is met, [#rest] has what was not taken yet, for one.
///
/// What is taken here is exactly what the parser would make of it. Not thread-safe.
final class UsualEntries {
  /// An entry that takes more is not a usual one.
  private static final int MAX_BUFFER = 64 << 10;

  private static final int MIN_BUFFER = 8 << 10;
  private static final int MAX_DIGITS = 18;
  private static final long MAX_NUMBER = Long.MAX_VALUE;
  private static final long MAX_ID = 0xffff_ffffL;

  private static final byte[] HEADER = ascii("{\"stream\":\"kopia:directory\",\"entries\":");
  private static final byte[] NULL = ascii("null");
  private static final byte[] LIST_END = ascii("]");
  private static final byte[] DOCUMENT_END = ascii("}\n");
  private static final byte[] NAME = ascii("{\"name\":\"");
  private static final byte[] TYPE = ascii(",\"type\":\"");
  private static final byte[] MODE = ascii(",\"mode\":\"0");
  private static final byte[] SIZE = ascii(",\"size\":");
  private static final byte[] MTIME = ascii(",\"mtime\":\"");
  private static final byte[] UID = ascii(",\"uid\":");
  private static final byte[] GID = ascii(",\"gid\":");
  private static final byte[] OBJECT = ascii(",\"obj\":\"");
  private static final byte[] SUMMARY = ascii(",\"summ\":");
  private static final byte[] EXTRA = ascii(",\"" + ExtraMetadata.FIELD + "\":");
  private static final byte[] ENTRY_END = ascii("}");
  private static final byte[] TRAILER = ascii(",\"summary\":");
  private static final byte[] SUM_SIZE = ascii("{\"size\":");
  private static final byte[] SUM_FILES = ascii(",\"files\":");
  private static final byte[] SUM_SYMLINKS = ascii(",\"symlinks\":");
  private static final byte[] SUM_DIRS = ascii(",\"dirs\":");
  private static final byte[] SUM_TIME = ascii(",\"maxTime\":\"");
  private static final byte[] SUM_FAILED = ascii(",\"numFailed\":");

  private final InputStream in;
  private byte[] bytes = new byte[MIN_BUFFER];
  private int start;
  private int end;
  private boolean exhausted;

  // Where the value being read is: between start and end.
  private int at;
  // What was to be read is not of the usual form, or goes on behind the end.
  private boolean bad;

  private final byte[] hash = new byte[ContentId.MAX_HASH_BYTES];
  private Stage stage = Stage.BEGIN;
  private boolean first = true;
  private @Nullable DirSummary summary;

  /// What comes next.
  private enum Stage {
    BEGIN,
    ENTRY,
    END_OF_LIST,
    NULL_LIST,
    FINISHED
  }

  /// @param in stays the caller's to close
  UsualEntries(InputStream in) {
    this.in = in;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /// Tells whether the directory was read to its end, all of it usual.
  boolean isFinished() {
    return stage == Stage.FINISHED;
  }

  /// The directory's own summary, if it is finished.
  @Nullable DirSummary summary() {
    return summary;
  }

  /// The next entry; null if it is finished, or goes on in an unusual way.
  ///
  /// @throws CorruptException if entries are not separated
  @Nullable DirEntry next() throws IOException {
    if (stage == Stage.BEGIN) {
      begin();
    } else if (stage == Stage.ENTRY && !first) {
      separate();
    }
    switch (stage) {
      case ENTRY -> {
        do {
          mark();
          DirEntry entry = entry();
          if (entry != null) {
            start = at;
            first = false;
            return entry;
          }
        } while (more());
      }
      case END_OF_LIST, NULL_LIST -> finish();
      case BEGIN, FINISHED -> {}
    }
    return null;
  }

  private void mark() {
    at = start;
    bad = false;
  }

  private void begin() throws IOException {
    do {
      mark();
      expect(HEADER);
      int c = take();
      if (!bad) {
        stage = c == '[' ? Stage.ENTRY : Stage.NULL_LIST;
        start = c == '[' ? at : at - 1;
        return;
      }
    } while (more());
  }

  private void separate() throws IOException {
    do {
      mark();
      int c = take();
      while (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
        c = take();
      }
      if (!bad) {
        switch (c) {
          case ',' -> start = at;
          case ']' -> {
            start = at - 1;
            stage = Stage.END_OF_LIST;
          }
          default -> throw new CorruptException("directory", -1, "entries are not separated");
        }
        return;
      }
    } while (more());
    throw new CorruptException("directory", -1, "ends after an entry");
  }

  private void finish() throws IOException {
    do {
      mark();
      expect(stage == Stage.NULL_LIST ? NULL : LIST_END);
      expect(TRAILER);
      DirSummary found = summaryValue();
      expect(DOCUMENT_END);
      if (!bad) {
        // What follows is not the directory's: see DirectoryReader.
        summary = found;
        stage = Stage.FINISHED;
        return;
      }
    } while (more());
  }

  /// Tells whether another entry must follow, because of a comma.
  boolean isEntryDue() {
    return stage == Stage.ENTRY && !first;
  }

  /// All that was not taken yet, as a directory.
  InputStream rest() {
    byte[] head = {};
    if (stage != Stage.BEGIN) {
      head = Arrays.copyOf(HEADER, HEADER.length + (stage == Stage.NULL_LIST ? 0 : 1));
    }
    if (stage == Stage.ENTRY || stage == Stage.END_OF_LIST) {
      head[HEADER.length] = '[';
    }
    byte[] buffered = Arrays.copyOf(head, head.length + end - start);
    System.arraycopy(bytes, start, buffered, head.length, end - start);
    return new SequenceInputStream(new ByteArrayInputStream(buffered), in);
  }

  /// Gets more bytes, if it was for want of them that something could not be read.
  private boolean more() throws IOException {
    if (at < end || exhausted) {
      return false;
    }
    if (start > 0) {
      System.arraycopy(bytes, start, bytes, 0, end - start);
      end -= start;
      at -= start;
      start = 0;
    }
    if (end == bytes.length) {
      if (end >= MAX_BUFFER) {
        return false;
      }
      bytes = Arrays.copyOf(bytes, Math.min(MAX_BUFFER, 2 * end));
    }
    int n = in.read(bytes, end, bytes.length - end);
    exhausted = n < 0;
    end += Math.max(0, n);
    return !exhausted;
  }

  // ---- values; one that is not as expected makes all since the mark bad

  private @Nullable DirEntry entry() {
    expect(NAME);
    String name = string();
    expect(TYPE);
    EntryType type = type();
    int mode = has(MODE) ? mode() : 0;
    long size = has(SIZE) ? number(MAX_NUMBER) : 0;
    long mtime = has(MTIME) ? time() : 0;
    long uid = has(UID) ? number(MAX_ID) : 0;
    long gid = has(GID) ? number(MAX_ID) : 0;
    expect(OBJECT);
    ObjectId object = object();
    DirSummary sum = has(SUMMARY) ? summaryValue() : null;
    ExtraMetadata extra = has(EXTRA) ? extraValue() : ExtraMetadata.NONE;
    expect(ENTRY_END);
    return bad || object == null
        ? null
        : new DirEntry(name, type, mode, size, mtime, uid, gid, object, sum, extra).withExactName();
  }

  /// An object of its own small parser's.
  private ExtraMetadata extraValue() {
    int from = at;
    int depth = 0;
    do {
      int c = take();
      switch (c) {
        case '{' -> depth++;
        case '}' -> depth--;
        case '"' -> skipString();
        default -> {}
      }
    } while (depth > 0 && !bad);
    if (bad) {
      return ExtraMetadata.NONE;
    }
    try (JsonInput json = JsonInput.of("entry", bytes, from, at - from)) {
      ExtraMetadata extra = ExtraMetadata.readFrom(json);
      json.finish();
      return extra;
    } catch (CorruptException e) {
      // The parser of the whole tells where.
      bad = true;
      return ExtraMetadata.NONE;
    }
  }

  private void skipString() {
    int c = take();
    while (c != '"' && !bad) {
      if (c == '\\') {
        take();
      }
      c = take();
    }
  }

  private DirSummary summaryValue() {
    expect(SUM_SIZE);
    long size = number(MAX_NUMBER);
    expect(SUM_FILES);
    long files = number(MAX_NUMBER);
    expect(SUM_SYMLINKS);
    long symlinks = number(MAX_NUMBER);
    expect(SUM_DIRS);
    long dirs = number(MAX_NUMBER);
    expect(SUM_TIME);
    long maxTime = time();
    expect(SUM_FAILED);
    long failed = number(MAX_NUMBER);
    expect(ENTRY_END);
    return new DirSummary(size, files, symlinks, dirs, maxTime, "", failed, 0, List.of());
  }

  /// Takes a text if it is there.
  private boolean has(byte[] text) {
    if (bad) {
      return false;
    }
    int count = Math.min(text.length, end - at);
    if (!Arrays.equals(bytes, at, at + count, text, 0, count)) {
      return false;
    }
    at += count;
    bad = count < text.length;
    return !bad;
  }

  private void expect(byte[] text) {
    if (!has(text)) {
      bad = true;
    }
  }

  private int take() {
    if (bad || at == end) {
      bad = true;
      return -1;
    }
    return bytes[at++];
  }

  private void expect(char c) {
    if (take() != c) {
      bad = true;
    }
  }

  private EntryType type() {
    int c = take();
    expect('"');
    return switch (c) {
      case 'f' -> EntryType.FILE;
      case 'd' -> EntryType.DIRECTORY;
      case 's' -> EntryType.SYMLINK;
      default -> {
        bad = true;
        yield EntryType.UNKNOWN;
      }
    };
  }

  /// The octal digits behind the first zero.
  private int mode() {
    long value = 0;
    int from = at;
    int c = take();
    for (; c >= '0' && c <= '7' && at - from <= 11; c = take()) {
      value = value << 3 | (c - '0');
    }
    bad |= c != '"' || at - from == 1 || value > Integer.MAX_VALUE;
    return (int) value;
  }

  private long number(long max) {
    long value = 0;
    int from = at;
    while (at < end && bytes[at] >= '0' && bytes[at] <= '9' && at - from < MAX_DIGITS) {
      value = 10 * value + bytes[at++] - '0';
    }
    bad |= at == from || (bytes[from] == '0' && at - from > 1) || value > max;
    return value;
  }

  private int digits(int count, char then) {
    int value = 0;
    for (int i = 0; i < count; i++) {
      int c = take();
      bad |= c < '0' || c > '9';
      value = 10 * value + c - '0';
    }
    expect(then);
    return value;
  }

  private long time() {
    int year = digits(4, '-');
    int month = digits(2, '-');
    int day = digits(2, 'T');
    int hour = digits(2, ':');
    int minute = digits(2, ':');
    int second = 0;
    for (int i = 0; i < 2; i++) {
      int c = take();
      bad |= c < '0' || c > '9';
      second = 10 * second + c - '0';
    }
    int nanos = 0;
    int c = take();
    if (c == '.') {
      c = take();
      int scale = 100_000_000;
      bad |= c < '0' || c > '9';
      for (; c >= '0' && c <= '9' && scale > 0; c = take()) {
        nanos += scale * (c - '0');
        scale /= 10;
      }
    }
    bad |= c != 'Z' || hour > 23 || minute > 59 || second > 59;
    expect('"');
    if (bad || month < 1 || month > 12 || day < 1 || day > GoTime.daysOf(year, month)) {
      bad = true;
      return 0;
    }
    return GoTime.epochNanos(year, month, day, 3600 * hour + 60 * minute + second, nanos);
  }

  private @Nullable ObjectId object() {
    int indirection = 0;
    int c = take();
    while (c == 'I') {
      indirection++;
      c = take();
    }
    char prefix = ContentId.NO_PREFIX;
    if (c >= 'g' && c <= 'z') {
      prefix = (char) c;
      c = take();
    }
    int length = 0;
    while (c != '"' && !bad && length < hash.length) {
      int high = hexDigit(c);
      int low = hexDigit(take());
      bad |= (high | low) < 0;
      hash[length++] = (byte) (high << 4 | low);
      c = take();
    }
    if (bad || c != '"' || length == 0 || indirection > ObjectId.MAX_INDIRECTION) {
      bad = true;
      return null;
    }
    return new ObjectId(indirection, false, ContentId.of(prefix, hash, 0, length));
  }

  private static int hexDigit(int c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  }

  /// A string up to and with its end.
  private String string() {
    int from = at;
    int all = 0;
    while (!bad) {
      int c = take();
      if (c == '"') {
        int length = at - 1 - from;
        return all >= 0
            ? new String(bytes, from, length, StandardCharsets.US_ASCII)
            : checked(RawText.decode(bytes, from, length));
      }
      if (c == '\\') {
        at--;
        return checked(escaped(from));
      }
      all |= c;
      bad |= c >= 0 && c < ' ';
    }
    return "";
  }

  /// As [#string], from the first escape on.
  private String escaped(int from) {
    StringBuilder text = new StringBuilder();
    int run = from;
    while (!bad) {
      int c = take();
      bad |= c >= 0 && c < ' ';
      if (c == '"' || c == '\\') {
        text.append(RawText.decode(bytes, run, at - 1 - run));
        if (c == '"') {
          return text.toString();
        }
        text.append(escape(take()));
        run = at;
      }
    }
    return "";
  }

  private char escape(int c) {
    return switch (c) {
      case '"', '\\', '/' -> (char) c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        int value = 0;
        for (int i = 0; i < 4; i++) {
          int digit = hexDigit(take());
          bad |= digit < 0;
          value = value << 4 | (digit & 0xf);
        }
        // Two may stand for one character, or not.
        bad |= Character.isSurrogate((char) value);
        yield (char) value;
      }
      default -> {
        bad = true;
        yield ' ';
      }
    };
  }

  /// What is no text the parser refuses, or shows otherwise.
  private String checked(String text) {
    for (int i = 0; i < text.length(); i++) {
      bad |= Character.isSurrogate(text.charAt(i)) && !isPair(text, i);
    }
    return text;
  }

  private static boolean isPair(String text, int i) {
    int high = Character.isHighSurrogate(text.charAt(i)) ? i : i - 1;
    return high >= 0
        && high + 1 < text.length()
        && Character.isSurrogatePair(text.charAt(high), text.charAt(high + 1));
  }
}
