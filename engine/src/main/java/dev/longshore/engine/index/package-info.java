/// The index where it is too large for memory: sorted segments in local files.
///
/// [IndexCache] keeps [Segment]s in a connection's cache directory. A segment is the merge of some
/// index blobs, made by [RunMerge] and [SegmentWriter], and is read page by page.
@org.jspecify.annotations.NullMarked
package dev.longshore.engine.index;
