package dev.lepton.client.watch;

import java.util.Objects;

/**
 * Sent each second on a watch: proof of life, and a position to resume from.
 *
 * @param ageMillis how long ago the replica last read the change log with success, in milliseconds
 */
public record Bookmark(Position position, long ageMillis) {

    public Bookmark {
        Objects.requireNonNull(position, "'position' is missing");
    }
}
