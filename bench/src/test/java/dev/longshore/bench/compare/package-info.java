/// Longshore beside Kopia and restic: the same work, alternately, in one run.
@NullMarked
package dev.longshore.bench.compare;

import org.jspecify.annotations.NullMarked;
