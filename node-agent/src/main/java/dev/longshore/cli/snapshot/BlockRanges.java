package dev.longshore.cli.snapshot;

import dev.longshore.engine.block.BlockMap;
import dev.longshore.engine.block.BlockParent;
import dev.longshore.engine.block.ChangeTracker;
import dev.longshore.format.error.CorruptException;
import dev.longshore.format.json.JsonFields;
import dev.longshore.format.json.JsonInput;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Lists of changed and of allocated ranges in files, a JSON object on each line. A list with one
/// wrong line is not used at all.
final class BlockRanges implements ChangeTracker {
  private static final JsonFields RANGE = JsonFields.of("offset", "length");
  private static final String INVALID = "INVALID_ARGUMENT";
  private static final String UNAVAILABLE = "UNAVAILABLE";

  private final @Nullable Path changed;
  private final @Nullable Path allocated;

  BlockRanges(@Nullable Path changed, @Nullable Path allocated) {
    this.changed = changed;
    this.allocated = allocated;
  }

  @Override
  public Answer changedSince(BlockParent parent, long deviceBytes) {
    return changed == null
        ? Answer.failed("no list of changes is given", "")
        : read(changed, deviceBytes);
  }

  @Override
  public Answer allocated(long deviceBytes) {
    return allocated == null
        ? Answer.failed("no list of allocated blocks is given", "")
        : read(allocated, deviceBytes);
  }

  private static Answer read(Path file, long deviceBytes) {
    BlockMap map = BlockMap.none(deviceBytes);
    long number = 0;
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          mark(map, line);
        }
      }
      return Answer.of(map);
    } catch (CorruptException e) {
      return Answer.failed("%s, line %d: %s".formatted(file, number, e.getMessage()), INVALID);
    } catch (IOException e) {
      return Answer.failed("%s cannot be read: %s".formatted(file, e.getMessage()), UNAVAILABLE);
    }
  }

  private static void mark(BlockMap map, String line) throws CorruptException {
    try (JsonInput json = JsonInput.of("range", line.getBytes(StandardCharsets.UTF_8))) {
      long offset = -1;
      long length = -1;
      if (!json.beginObject()) {
        throw json.corrupt("expected an object");
      }
      for (String name = json.nextField(RANGE); name != null; name = json.nextField(RANGE)) {
        if (name.equals("offset")) {
          offset = json.integer(0, Long.MAX_VALUE);
        } else {
          length = json.integer(0, Long.MAX_VALUE);
        }
      }
      json.finish();
      if (!map.contains(offset, length)) {
        throw json.corrupt(
            "expected offset and length on a device of %d bytes, found %d and %d"
                .formatted(map.deviceBytes(), offset, length));
      }
      map.mark(offset, length);
    }
  }
}
