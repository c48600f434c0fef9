package dev.longshore.engine.content;

import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.index.EntryMarks;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;

/// A set of contents of the index as it was when the set was made, in a bit for each entry. Marking
/// is thread-safe; the index may be loaded anew meanwhile, the set stays with the one it has.
public final class ContentMarks {
  private final IndexSet index;
  private final EntryMarks marks;

  ContentMarks(IndexSet index) {
    this.index = index;
    this.marks = index.newMarks();
  }

  /// Receives entries; may throw to stop.
  @FunctionalInterface
  public interface Visitor {
    void visit(IndexEntry entry, boolean marked) throws RepositoryException;
  }

  /// Another set of contents of the same index.
  public ContentMarks another() {
    return new ContentMarks(index);
  }

  /// Marks a content, deleted or not; false if it was marked before.
  ///
  /// @throws NotFoundException if there is no entry of it in force
  public boolean mark(ContentId id) throws RepositoryException {
    return switch (marks.mark(id)) {
      case KNOWN -> false;
      case LIVE -> true;
      case WITH_TOMBSTONE -> {
        if (index.find(id).isEmpty()) {
          throw missing(id);
        }
        yield true;
      }
      case ABSENT -> throw missing(id);
    };
  }

  private static NotFoundException missing(ContentId id) {
    return new NotFoundException("content " + id + ": expected an index entry, found none");
  }

  /// Visits the entries in force, in the order of their ids, and tells which are marked.
  public void forEach(ContentRange range, Visitor visitor) throws RepositoryException {
    marks.forEach(
        range.firstPrefix(),
        range.lastPrefix(),
        (entry, marked) -> {
          if ((range.includeDeleted() || !entry.deleted()) && !index.isDropped(entry)) {
            visitor.visit(entry, marked);
          }
        });
  }
}
