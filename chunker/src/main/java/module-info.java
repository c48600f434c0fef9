/// Splitters: where a stream of bytes is cut into chunks.
@org.jspecify.annotations.NullMarked
module longshore.chunker {
  requires static org.jspecify;
  requires jdk.incubator.vector;

  exports dev.longshore.chunker;
}
