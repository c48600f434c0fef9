/// The engine: stores, contents, objects, manifests, snapshots; no Kubernetes, no command line.
@org.jspecify.annotations.NullMarked
module longshore.engine {
  requires static org.jspecify;
  requires transitive longshore.chunker;
  requires transitive longshore.crypto;
  requires transitive longshore.format;
  requires static com.azure.core;
  requires static com.azure.identity;
  requires static com.azure.storage.blob;
  requires static com.azure.storage.common;
  requires static com.microsoft.aad.msal4j;
  requires com.fasterxml.jackson.core;
  requires java.xml;
  requires software.amazon.awssdk.auth;
  requires software.amazon.awssdk.awscore;
  requires software.amazon.awssdk.core;
  requires software.amazon.awssdk.http;
  requires software.amazon.awssdk.http.auth.aws;
  requires software.amazon.awssdk.http.auth.spi;
  requires software.amazon.awssdk.http.urlconnection;
  requires software.amazon.awssdk.identity.spi;
  requires software.amazon.awssdk.regions;
  requires software.amazon.awssdk.services.sts;
  requires software.amazon.awssdk.utils;

  exports dev.longshore.engine.attribute;
  exports dev.longshore.engine.blob.azure;
  exports dev.longshore.engine.blob.check;
  exports dev.longshore.engine.blob.fs;
  exports dev.longshore.engine.blob.mem;
  exports dev.longshore.engine.blob.remote;
  exports dev.longshore.engine.blob.s3;
  exports dev.longshore.engine.blob;
  exports dev.longshore.engine.block;
  exports dev.longshore.engine.block.device;
  exports dev.longshore.engine.block.nbd;
  exports dev.longshore.engine.block.restore;
  exports dev.longshore.engine.cache;
  exports dev.longshore.engine.compare;
  exports dev.longshore.engine.concurrent;
  exports dev.longshore.engine.content;
  exports dev.longshore.engine.doctor;
  exports dev.longshore.engine.error;
  exports dev.longshore.engine.maintenance;
  exports dev.longshore.engine.manifest;
  exports dev.longshore.engine.object;
  exports dev.longshore.engine.policy;
  exports dev.longshore.engine.posix;
  exports dev.longshore.engine.repository;
  exports dev.longshore.engine.snapshot;
  exports dev.longshore.engine.source;
  exports dev.longshore.engine.sync;
  exports dev.longshore.engine.repair;
  exports dev.longshore.engine.restore;
  exports dev.longshore.engine.verify;
}
