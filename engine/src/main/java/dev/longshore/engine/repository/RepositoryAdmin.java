package dev.longshore.engine.repository;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.error.BusyException;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.format.error.FormatException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.pack.FormatCopy;
import dev.longshore.format.repository.BlobRetention;
import dev.longshore.format.repository.FormatBlob;
import dev.longshore.format.repository.FormatBlobCodec;
import dev.longshore.format.repository.RepositoryFormat;
import dev.longshore.format.repository.UpgradeLock;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Changes what all clients of a repository share: its password and parameters. Running clients
/// notice within 15 minutes.
///
/// Source: kopia 4ebb2be6c `repo/format/format_change_password.go`, `format_set_parameters.go`,
/// `format_blob.go`.
public final class RepositoryAdmin {
  private RepositoryAdmin() {}

  /// Changes the password; contents and their keys stay as they are.
  ///
  /// @throws UnsupportedException if the repository's format cannot
  /// @throws BusyException if the repository is being upgraded
  public static void changePassword(
      BlobStore store, String password, String newPassword, SecureRandom random)
      throws RepositoryException {
    SharedFormat shared = load(store, password);
    if (!shared.format().enablePasswordChange()) {
      throw new UnsupportedException(
          "the password of a repository of format 1 cannot be changed: its packs hold copies of the"
              + " format blob under the old one");
    }
    byte[] newKey;
    try {
      newKey = FormatBlobCodec.deriveFormatKey(shared.blob(), newPassword);
    } catch (FormatException e) {
      throw new UnsupportedException("the format: " + e.getMessage(), e);
    }
    write(store, shared.blob(), shared.format(), shared.retention(), newKey, random);
  }

  /// Changes parameters.
  ///
  /// @return sentences that say what changed; empty if nothing did, and nothing was written
  /// @throws IllegalArgumentException if the values break a rule; the message says which
  /// @throws BusyException if the repository is being upgraded
  public static List<String> setParameters(
      BlobStore store, String password, ParameterChange change, SecureRandom random)
      throws RepositoryException {
    SharedFormat shared = load(store, password);
    List<String> said = new ArrayList<>();
    RepositoryFormat format = change.applyTo(shared.format(), said);
    BlobRetention retention = change.retention().orElse(shared.retention());
    if (!retention.equals(shared.retention())) {
      said.add(
          retention.isEnabled()
              ? "setting blob retention to "
                  + retention.mode()
                  + " for "
                  + ParameterChange.text(retention.period())
              : "disabling blob retention");
    }
    if (said.isEmpty()) {
      return List.of();
    }
    List<String> problems = new ArrayList<>(format.parameterProblems());
    problems.addAll(retention.problems());
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
    write(store, shared.blob(), format, retention, shared.formatKey(), random);
    return said;
  }

  private static SharedFormat load(BlobStore store, String password) throws RepositoryException {
    SharedFormat shared = SharedFormat.load(store, password, KeptKey.none());
    // To write the format blob without knowing a feature would be to break what it stands for.
    shared.checkFeatures(warning -> {});
    Optional<UpgradeLock> lock = shared.format().findUpgradeLock();
    if (lock.isPresent()) {
      throw new BusyException(
          "the repository is being upgraded by " + lock.get().ownerId() + ": try again later");
    }
    return shared;
  }

  private static void write(
      BlobStore store,
      FormatBlob blob,
      RepositoryFormat format,
      BlobRetention retention,
      byte[] formatKey,
      SecureRandom random)
      throws RepositoryException {
    FormatBlob changed = FormatBlobCodec.reseal(blob, format, formatKey, random);
    SharedFormat.write(
        store,
        changed,
        FormatBlobCodec.sealRetention(changed, retention, formatKey, random),
        SharedFormat.putOptions(retention, false));
  }

  /// Tells whether `kopia.repository` is there and can be taken apart; whether a password opens it
  /// is not looked at.
  public static boolean hasFormatBlob(BlobStore store) throws RepositoryException {
    try {
      SharedFormat.uniqueId(store);
      return true;
    } catch (NotFoundException | DamagedException e) {
      return false;
    }
  }

  /// Restores `kopia.repository` from the copy in a pack. What is there of it is replaced.
  ///
  /// @param packPrefixes which packs to look at, one after the other: `p`, `q`, or more of a name
  /// @param dryRun only look
  /// @return the pack the copy came from
  /// @throws NotFoundException if no pack holds a copy
  public static BlobId repair(BlobStore store, List<String> packPrefixes, boolean dryRun)
      throws RepositoryException {
    int looked = 0;
    for (String prefix : packPrefixes) {
      List<BlobMetadata> packs = new ArrayList<>();
      store.list(prefix, packs::add);
      // The newest pack has the parameters in force.
      packs.sort((a, b) -> b.timestamp().compareTo(a.timestamp()));
      for (BlobMetadata pack : packs) {
        Optional<byte[]> copy = findFormatCopy(store, pack);
        if (copy.isPresent()) {
          if (!dryRun) {
            SharedFormat.put(store, SharedFormat.FORMAT_BLOB, copy.get(), PutOptions.NONE);
          }
          return pack.id();
        }
      }
      looked += packs.size();
    }
    throw new NotFoundException(
        "none of the "
            + looked
            + " packs whose names begin with "
            + String.join(" or ", packPrefixes)
            + " holds a copy of "
            + SharedFormat.FORMAT_BLOB);
  }

  /// The copy of `kopia.repository` that packs of format 1 carry at their start or end.
  public static Optional<byte[]> findFormatCopy(BlobStore store, BlobMetadata pack)
      throws RepositoryException {
    int length = (int) Math.min(pack.lengthBytes(), FormatCopy.SEARCH_BYTES);
    try {
      Optional<byte[]> copy = FormatCopy.findAtStart(store.getRange(pack.id(), 0, length));
      return copy.isPresent()
          ? copy
          : FormatCopy.findAtEnd(store.getRange(pack.id(), pack.lengthBytes() - length, length));
    } catch (NotFoundException e) {
      return Optional.empty(); // deleted since it was listed
    }
  }
}
