package dev.longshore.engine.doctor;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repair.DamageList;
import dev.longshore.engine.repair.DamageNotes;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.verify.TreeDamage;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Looks a repository over: first what needs no password, then the rest.
///
/// Memory: the names of packs (some 120 bytes each), and what [TreeDamage] and [DamageNotes] hold.
/// One thread, but for the reading of contents.
public final class Doctor {
  private final RandomGenerator random;
  private final Listener listener;
  private final List<Finding> findings = new ArrayList<>();
  private final List<Diagnosis.Touched> touched = new ArrayList<>();
  private final DamageNotes notes = new DamageNotes();
  private long blobs;
  private long contentCount;
  private long readCount;
  private long snapshotCount;

  /// Follows the examination; called by several threads.
  @FunctionalInterface
  public interface Listener {
    /// What is being done now.
    void doing(String what);
  }

  /// @param random chooses contents to read; need not be secure
  public Doctor(RandomGenerator random, Listener listener) {
    this.random = random;
    this.listener = listener;
  }

  /// What the verifications of this examination found, to be noted or repaired.
  public DamageNotes notes() {
    return notes;
  }

  /// What was found so far.
  public Diagnosis diagnosis() {
    return new Diagnosis(
        findings, touched, new Diagnosis.Counts(blobs, contentCount, readCount, snapshotCount));
  }

  /// Notes something found elsewhere: that there is no connection, or the password is not right.
  public void add(Finding finding) {
    findings.add(finding);
  }

  /// Looks at a store.
  ///
  /// @param write whether a small blob may be written and deleted again
  public void examine(BlobStore store, Clock clock, boolean write) {
    listener.doing("looking at the store");
    StoreCheck check = new StoreCheck(store, clock, random);
    findings.addAll(check.run(write));
    blobs = check.blobs();
  }

  /// Looks at an open repository; it should be open in a way that passes over damaged index blobs.
  ///
  /// @param full read all contents, and not a sample of them
  /// @throws RepositoryException if the store fails
  public void examine(Repository repository, boolean full) throws RepositoryException {
    listener.doing("reading the index blobs");
    findings.addAll(new IndexCheck(repository).run());
    listener.doing("looking for packs");
    DamageList known = known(repository);
    packs(repository, full);
    listener.doing("looking at snapshots");
    DamageList found = notes.list(repository.blobs());
    // Who has read all knows better than whoever noted something before.
    snapshots(repository, full ? found : known.with(found));
    findings.addAll(new UpkeepCheck(repository).run());
  }

  private static DamageList known(Repository repository) throws RepositoryException {
    try {
      return DamageList.load(repository.manifests());
    } catch (DamagedException | NotFoundException e) {
      return DamageList.none(); // why is told with the snapshots
    }
  }

  private void packs(Repository repository, boolean full) throws RepositoryException {
    PackCheck check = new PackCheck(repository, notes, random, listener);
    findings.addAll(check.run(full));
    contentCount = check.contentCount();
    readCount = check.readCount();
  }

  private void snapshots(Repository repository, DamageList damage) throws RepositoryException {
    SnapshotCheck check = new SnapshotCheck(repository, damage, notes, listener);
    findings.addAll(check.run());
    touched.addAll(check.touched());
    snapshotCount = check.count();
  }
}
