package dev.longshore.mover.run;

import dev.longshore.mover.task.TaskKind;
import dev.longshore.mover.task.TaskOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/// A mover's command line, `TASK [OPTION...]`: an option is `--name=value` or `--name value`; one
/// that is true or false may go without a value.
public final class MoverOptions {
  private static final Set<String> FLAGS =
      Set.of(
          TaskOption.WRITE_SPARSE_FILES,
          TaskOption.DELETE_EXTRA,
          TaskOption.CONTINUE,
          TaskOption.READ_ONLY);

  private static final Set<String> REPEATED = Set.of(TaskOption.TAG, TaskOption.SNAPSHOT);

  private static final Set<String> VALUES =
      Set.of(
          TaskOption.RESOURCE,
          TaskOption.RESOURCE_NAMESPACE,
          TaskOption.RESOURCE_NAME,
          TaskOption.RESOURCE_UID,
          TaskOption.VOLUME_PATH,
          TaskOption.VOLUME_DIRECTORY,
          TaskOption.VOLUME_MODE,
          TaskOption.LAYOUT,
          TaskOption.VOLUME_ID,
          TaskOption.CHANGE_ID,
          TaskOption.VERIFY_DELTA,
          TaskOption.REPOSITORY_NAMESPACE,
          TaskOption.SOURCE_PATH,
          TaskOption.PARENT,
          TaskOption.PARALLEL,
          TaskOption.COMPLETION_MARKER,
          TaskOption.METADATA_FAILURES,
          TaskOption.VERIFY_PERCENT,
          TaskOption.MAX_BYTES,
          TaskOption.FULL_MAINTENANCE_SECONDS,
          TaskOption.CREDENTIALS_FILE,
          TaskOption.CA_FILE,
          TaskOption.PASSWORD_FILE,
          TaskOption.CACHE_FOLDER,
          TaskOption.CACHE_LIMIT_MB,
          TaskOption.REPORT_FILE,
          TaskOption.LOG_FORMAT,
          TaskOption.LOG_LEVEL);

  private final TaskKind kind;
  private final Map<String, List<String>> values;

  private MoverOptions(TaskKind kind, Map<String, List<String>> values) {
    this.kind = kind;
    this.values = values;
  }

  /// Reads a command line.
  ///
  /// @throws MoverFailure [Reasons#BAD_OPTIONS]
  public static MoverOptions parse(List<String> arguments) throws MoverFailure {
    if (arguments.isEmpty()) {
      throw bad("a task is missing: one of backup, restore, prepare, maintain, forget, verify");
    }
    TaskKind kind =
        TaskKind.of(arguments.getFirst())
            .orElseThrow(() -> bad("there is no task " + arguments.getFirst()));
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (int i = 1; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      int equals = argument.indexOf('=');
      String name = equals < 0 ? argument : argument.substring(0, equals);
      String value;
      if (equals >= 0) {
        value = argument.substring(equals + 1);
      } else if (FLAGS.contains(name)) {
        value = "true";
      } else if (i + 1 < arguments.size()) {
        value = arguments.get(++i);
      } else {
        throw bad(name + " needs a value");
      }
      add(values, name, value);
    }
    return new MoverOptions(kind, values);
  }

  private static void add(Map<String, List<String>> values, String name, String value)
      throws MoverFailure {
    if (FLAGS.contains(name) && !value.equals("true") && !value.equals("false")) {
      throw bad(name + " is true or false");
    }
    if (!FLAGS.contains(name) && !VALUES.contains(name) && !REPEATED.contains(name)) {
      throw bad("there is no option " + name);
    }
    List<String> all = values.computeIfAbsent(name, _ -> new ArrayList<>());
    if (!all.isEmpty() && !REPEATED.contains(name)) {
      throw bad(name + " is given twice");
    }
    all.add(value);
  }

  private static MoverFailure bad(String message) {
    return new MoverFailure(Reasons.BAD_OPTIONS, message, false);
  }

  public TaskKind kind() {
    return kind;
  }

  /// The value of an option, empty if it was not given.
  public String text(String name) {
    List<String> all = all(name);
    return all.isEmpty() ? "" : all.getFirst();
  }

  /// The value of an option that the task cannot do without.
  public String required(String name) throws MoverFailure {
    String value = text(name);
    if (value.isEmpty()) {
      throw bad("the task " + kind.word() + " needs " + name);
    }
    return value;
  }

  /// The values of an option that may be repeated.
  public List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  public boolean flag(String name) {
    return text(name).equals("true");
  }

  /// A whole number of at least 0.
  ///
  /// @param otherwise if the option was not given
  public long number(String name, long otherwise) throws MoverFailure {
    String value = text(name);
    if (value.isEmpty()) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(value);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw bad(name + " is a whole number of at least 0");
  }

  /// A share of 0 to 100.
  ///
  /// @param otherwise if the option was not given
  public double percent(String name, double otherwise) throws MoverFailure {
    String value = text(name);
    if (value.isEmpty()) {
      return otherwise;
    }
    try {
      double percent = Double.parseDouble(value);
      if (percent >= 0 && percent <= 100) {
        return percent;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw bad(name + " is a number from 0 to 100");
  }

  /// Whether the volume is a block device.
  public boolean isBlock() throws MoverFailure {
    return switch (text(TaskOption.VOLUME_MODE)) {
      case "", "Filesystem" -> false;
      case "Block" -> true;
      default -> throw bad(TaskOption.VOLUME_MODE + " is Filesystem or Block");
    };
  }

  /// Whether a backup of a device is one in blocks.
  public boolean isInBlocks() throws MoverFailure {
    return switch (text(TaskOption.LAYOUT)) {
      case "", "file" -> false;
      case "blocks" -> {
        if (!isBlock()) {
          throw bad(TaskOption.LAYOUT + "=blocks is for " + TaskOption.VOLUME_MODE + "=Block");
        }
        yield true;
      }
      default -> throw bad(TaskOption.LAYOUT + " is file or blocks");
    };
  }

  /// What is done about metadata that cannot be kept or set.
  public MetadataFailures metadataFailures() throws MoverFailure {
    return switch (text(TaskOption.METADATA_FAILURES)) {
      case "", "warn" -> MetadataFailures.WARN;
      case "fail" -> MetadataFailures.FAIL;
      case "ignore" -> MetadataFailures.IGNORE;
      default -> throw bad(TaskOption.METADATA_FAILURES + " is fail, warn or ignore");
    };
  }

  /// The tags of a snapshot.
  public SequencedMap<String, String> tags() throws MoverFailure {
    SequencedMap<String, String> tags = new LinkedHashMap<>();
    for (String tag : all(TaskOption.TAG)) {
      int equals = tag.indexOf('=');
      if (equals <= 0) {
        throw bad(TaskOption.TAG + " is KEY=VALUE");
      }
      tags.put(tag.substring(0, equals), tag.substring(equals + 1));
    }
    return tags;
  }
}
