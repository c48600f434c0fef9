package dev.longshore.engine.snapshot;

import dev.longshore.engine.posix.FileKind;
import dev.longshore.engine.source.SourceEntry;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/// Counts what entries have and a snapshot cannot hold. Thread-safe.
final class KeepInspector {
  /// Set anew by the system wherever files are made, so that their loss is none.
  private static final String SELINUX = "security.selinux";

  private static final String CAPABILITY = "security.capability";
  private static final String ACL_PREFIX = "system.posix_acl_";
  private static final String NFS4_ACL = "system.nfs4_acl";

  private final boolean withAttributes;
  private final LongAdder attributes = new LongAdder();
  private final LongAdder accessLists = new LongAdder();
  private final LongAdder capabilities = new LongAdder();
  private final LongAdder hardLinks = new LongAdder();
  private final LongAdder specialFiles = new LongAdder();
  private final LongAdder names = new LongAdder();

  /// @param withAttributes ask for extended attributes, a system call for each entry
  KeepInspector(boolean withAttributes) {
    this.withAttributes = withAttributes;
  }

  void inspect(SourceEntry entry) {
    if (entry.status().links() > 1 && entry.status().kind() != FileKind.DIRECTORY) {
      hardLinks.increment();
    }
    if (hasLoneSurrogate(entry.name())) {
      names.increment();
    }
    if (withAttributes) {
      inspectAttributes(entry.extendedAttributes());
    }
  }

  void specialFile() {
    specialFiles.increment();
  }

  private void inspectAttributes(List<String> keys) {
    boolean other = false;
    boolean accessList = false;
    for (String key : keys) {
      if (key.equals(CAPABILITY)) {
        capabilities.increment();
      } else if (key.startsWith(ACL_PREFIX) || key.equals(NFS4_ACL)) {
        accessList = true;
      } else if (!key.equals(SELINUX)) {
        other = true;
      }
    }
    if (accessList) {
      accessLists.increment();
    }
    if (other) {
      attributes.increment();
    }
  }

  /// Such a character stands for a byte that is no UTF-8.
  private static boolean hasLoneSurrogate(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (Character.isSurrogate(name.charAt(i))) {
        int point = name.codePointAt(i);
        if (Character.charCount(point) == 1) {
          return true;
        }
        i++;
      }
    }
    return false;
  }

  NotKept result() {
    return new NotKept(
        attributes.sum(),
        accessLists.sum(),
        capabilities.sum(),
        hardLinks.sum(),
        specialFiles.sum(),
        names.sum());
  }
}
