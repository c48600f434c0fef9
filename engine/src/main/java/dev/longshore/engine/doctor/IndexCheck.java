package dev.longshore.engine.doctor;

import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.engine.repository.Repository;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Whether every index blob can be read, and the epochs make sense.
final class IndexCheck {
  private final Repository repository;
  private final List<Finding> findings = new ArrayList<>();

  IndexCheck(Repository repository) {
    this.repository = repository;
  }

  /// @throws RepositoryException if the store fails
  List<Finding> run() throws RepositoryException {
    indexBlobs();
    try {
      repository.contents().epochs();
    } catch (DamagedException e) {
      findings.add(
          Finding.damage(
              "epochs",
              "The state of the epochs: " + e.getMessage(),
              List.of(),
              "repo index list"));
    }
    return findings;
  }

  private void indexBlobs() throws RepositoryException {
    Set<BlobId> inForce = new HashSet<>();
    repository.contents().activeIndexBlobs().forEach(blob -> inForce.add(blob.id()));
    Names damaged = new Names();
    Names superseded = new Names();
    List<String> next = new ArrayList<>();
    next.add("repo index recover --commit --dangerous-commands=enabled");
    for (BlobMetadata blob : repository.contents().allIndexBlobs()) {
      String name = blob.id().value();
      try {
        repository.contents().readIndexBlob(blob.id());
      } catch (DamagedException | UnsupportedException e) {
        if (!inForce.contains(blob.id())) {
          superseded.add(name);
          continue;
        }
        damaged.add(name);
        if (damaged.count() <= Finding.MAX_DETAILS) {
          next.add("repo blob delete --dangerous-commands=enabled " + name);
        }
      } catch (NotFoundException e) {
        // Deleted since it was listed.
      }
    }
    next.add("repo doctor");
    if (!damaged.isEmpty()) {
      findings.add(
          new Finding(
              Finding.Severity.DAMAGE,
              "index",
              damaged.count() + " index blobs are damaged: the repository cannot be opened.",
              damaged.details(),
              next));
    }
    if (!superseded.isEmpty()) {
      findings.add(
          Finding.info(
              "index",
              superseded.count() + " index blobs that are not needed any more are damaged.",
              superseded.details(),
              "nothing: maintenance deletes them"));
    }
  }
}
