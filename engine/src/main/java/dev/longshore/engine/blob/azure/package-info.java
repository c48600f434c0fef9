/// Blobs in containers of Azure Blob Storage.
@org.jspecify.annotations.NullMarked
package dev.longshore.engine.blob.azure;
