/// The repository's bytes: encode and decode, without any store, thread or clock.
@org.jspecify.annotations.NullMarked
module longshore.format {
  requires static org.jspecify;
  requires transitive longshore.crypto;
  requires com.fasterxml.jackson.core;
  requires com.github.luben.zstd_jni;
  requires org.lz4.java;

  exports dev.longshore.format.block;
  exports dev.longshore.format.compress;
  exports dev.longshore.format.directory;
  exports dev.longshore.format.epoch;
  exports dev.longshore.format.error;
  exports dev.longshore.format.id;
  exports dev.longshore.format.index;
  exports dev.longshore.format.json;
  exports dev.longshore.format.maintenance;
  exports dev.longshore.format.manifest;
  exports dev.longshore.format.object;
  exports dev.longshore.format.pack;
  exports dev.longshore.format.policy;
  exports dev.longshore.format.repository;
  exports dev.longshore.format.seal;
  exports dev.longshore.format.session;
  exports dev.longshore.format.snapshot;
}
