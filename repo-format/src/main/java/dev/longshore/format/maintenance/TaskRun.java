package dev.longshore.format.maintenance;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/// One run of a maintenance task.
///
/// @param error what went wrong, "" if nothing did
/// @param extra what the task counted
public record TaskRun(
    Instant start, Instant end, boolean success, String error, List<Extra> extra) {
  public TaskRun {
    extra = List.copyOf(extra);
  }

  /// A task's counts, as JSON of a kind this format does not look into.
  ///
  /// @param data the JSON, empty if absent; not copied and not to be changed
  @SuppressWarnings("ArrayRecordComponent") // equality is by value, below
  public record Extra(String kind, byte[] data) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Extra that
          && kind.equals(that.kind)
          && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
      return 31 * kind.hashCode() + Arrays.hashCode(data);
    }

    @Override
    public String toString() {
      return kind + " (" + data.length + " bytes)";
    }
  }
}
