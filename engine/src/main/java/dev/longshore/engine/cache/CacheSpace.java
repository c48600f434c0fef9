package dev.longshore.engine.cache;

import dev.longshore.engine.cache.CacheFolder.State;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// The room in a cache's folder, shared by processes: hands out files to write, and makes room for
/// them by throwing out what was not used for longest. Thread-safe.
///
/// A file has its whole length before anybody writes to it, so what lies in the folder, unfinished
/// files too, is all there is to count. Nobody keeps a list of it: it is looked at when the limit
/// is reached, and once by each process, as a power cut may have taken the count back.
final class CacheSpace {
  /// Blocks of most file systems.
  private static final int BLOCK = 4 << 10;

  /// Room is made for some files at once.
  private static final int SPARE_SHARE = 16;

  /// How long it takes until what could not be thrown out is looked at again, at most.
  private static final Duration MAX_QUIET = Duration.ofMinutes(5);

  private final CacheFolder folder;
  private final CacheLimits limits;
  private final Clock clock;
  private final AtomicBoolean measured = new AtomicBoolean();

  CacheSpace(CacheFolder folder, CacheLimits limits, Clock clock) {
    this.folder = folder;
    this.limits = limits;
    this.clock = clock;
  }

  /// What a file takes, with its share of a folder.
  static long charge(long fileBytes) {
    return (fileBytes + BLOCK - 1) / BLOCK * BLOCK + BLOCK;
  }

  /// Makes a file of a length, of zeros, to be written and renamed.
  ///
  /// @return empty if there is no room for it
  Optional<Path> newFile(long fileBytes) throws IOException {
    long charge = charge(fileBytes);
    if (charge > limits.capBytes()) {
      return Optional.empty();
    }
    try (CacheFolder.Lock lock = folder.lock()) {
      if (lock == null) {
        return Optional.empty();
      }
      State state = lock.state();
      if (state == null || !measured.get() || !isSettled(state, charge)) {
        state = sweep(charge);
        measured.set(true);
        lock.write(state);
      }
      if (state.usedBytes() + charge > limits.capBytes()) {
        return Optional.empty();
      }
      lock.write(new State(state.usedBytes() + charge, state.quietUntilMillis()));
      return Optional.of(create(fileBytes));
    }
  }

  /// Gives a file its name. Nobody counts meanwhile: a file that is renamed while a folder is read
  /// may be in no place.
  ///
  /// @return false if it could not be done; then the file is gone
  boolean publish(Path file, String blob, String name) throws IOException {
    try (CacheFolder.Lock lock = folder.lock()) {
      if (lock == null) {
        Files.deleteIfExists(file);
        return false;
      }
      Path target = folder.blobFolder(blob).resolve(name);
      Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
      Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
      return true;
    } catch (NoSuchFileException e) {
      return false; // somebody has cleared the cache
    }
  }

  /// Tells whether there is room, or none can be made yet.
  private boolean isSettled(State state, long charge) {
    long used = state.usedBytes() + charge;
    if (used <= limits.startBytes()) {
      return true;
    }
    boolean quiet = clock.millis() < state.quietUntilMillis();
    return quiet && (used <= limits.capBytes() || limits.hardBytes() <= 0);
  }

  private Path create(long fileBytes) throws IOException {
    Path file = Files.createTempFile(folder.path(), CacheSweep.UNFINISHED, "");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      if (fileBytes > 0) {
        channel.write(ByteBuffer.allocate(1), fileBytes - 1);
      }
      return file;
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  /// Counts what is there, and makes room for `charge` bytes if it is short.
  private State sweep(long charge) throws IOException {
    Instant now = clock.instant();
    CacheSweep sweep = new CacheSweep(folder, limits, now);
    long used = sweep.measure();
    if (used + charge <= limits.startBytes()) {
      return new State(used, 0);
    }
    used = sweep.throwOut(used, target(limits.startBytes(), charge), true);
    if (limits.hardBytes() > 0 && used + charge > limits.capBytes()) {
      used = sweep.throwOut(used, target(limits.capBytes(), charge), false);
    }
    Instant quiet = now.plus(MAX_QUIET);
    Instant next = sweep.nextOld();
    return new State(used, (next.isBefore(quiet) ? next : quiet).toEpochMilli());
  }

  private static long target(long limit, long charge) {
    return Math.max(0, limit - Math.max(charge, limit / SPARE_SHARE));
  }
}
