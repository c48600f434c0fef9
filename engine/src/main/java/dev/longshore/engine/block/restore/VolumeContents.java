package dev.longshore.engine.block.restore;

import dev.longshore.engine.content.ContentReader;
import dev.longshore.engine.object.ObjectReader;

/// What of a repository the restore of a volume needs.
record VolumeContents(ObjectReader objects, ContentReader contents, ContentNamer namer) {}
