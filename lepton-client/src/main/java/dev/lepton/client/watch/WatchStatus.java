package dev.lepton.client.watch;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * The state of a watch.
 *
 * @param connectedTo the replica that is being followed, null when none answers
 * @param position the last position seen, null before the first list
 * @param lastHeardMillisAgo since the last frame of any kind, null before the first
 * @param fromDisk whether the picture is still the one that was read from disk
 */
public record WatchStatus(
        @Nullable URI connectedTo,
        @Nullable Position position,
        @Nullable Long lastHeardMillisAgo,
        boolean fromDisk) {}
