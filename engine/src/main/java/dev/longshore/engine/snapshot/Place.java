package dev.longshore.engine.snapshot;

import dev.longshore.engine.policy.IgnoreRules;
import dev.longshore.engine.policy.PolicyTree;
import dev.longshore.format.id.ObjectId;
import java.util.List;

/// Where a directory is in a walk over a source.
///
/// @param path relative to the root, `.` for the root itself
/// @param depth 0 for the root
/// @param rules in force in its parent
/// @param previous the same directory in earlier snapshots, the newest first
record Place(
    String path, int depth, PolicyTree policies, IgnoreRules rules, List<ObjectId> previous) {
  private static final String ROOT = ".";

  static Place root(PolicyTree policies, List<ObjectId> previous) {
    return new Place(ROOT, 0, policies, IgnoreRules.NONE, previous);
  }

  /// The place of a directory in this one.
  ///
  /// @param inside the rules in force in this one
  Place child(String name, IgnoreRules inside, List<ObjectId> before) {
    return new Place(pathOf(name), depth + 1, policies.child(name), inside, before);
  }

  /// The path of an entry, relative to the root.
  String pathOf(String name) {
    // A device's name is a path of its own.
    String part = name.startsWith("/") ? name.substring(1) : name;
    return path.equals(ROOT) ? part : path + "/" + part;
  }

  /// The path as rules see it: empty for the root, else beginning with a slash.
  String rulePath() {
    return path.equals(ROOT) ? "" : "/" + path;
  }
}
