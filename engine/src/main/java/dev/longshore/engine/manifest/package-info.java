/// Manifests: small labelled documents.
@org.jspecify.annotations.NullMarked
package dev.longshore.engine.manifest;
