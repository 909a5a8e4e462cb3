package dev.lepton.client.watch;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * A place in a registry's change log, written {@code clusterId:revision}.
 *
 * @param clusterId the stored UUID of the database and its timeline; revisions of two clusters
 *     cannot be compared
 * @param revision the last change seen; 0 before the first
 */
public record Position(String clusterId, long revision) {

    private static final Pattern CLUSTER_ID = Pattern.compile("[A-Za-z0-9._/-]{1,100}");

    public Position {
        if (!CLUSTER_ID.matcher(clusterId).matches()) {
            throw new IllegalArgumentException(
                    "a cluster id must be 1 to 100 letters, digits, '.', '_', '/' or '-'");
        }
        if (revision < 0) {
            throw new IllegalArgumentException(
                    "revision %d must not be negative".formatted(revision));
        }
    }

    @JsonCreator
    public static Position parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1 || text.length() > 128) {
            throw new IllegalArgumentException("a position must look like {clusterId}:{revision}");
        }
        try {
            return new Position(
                    text.substring(0, colon), Long.parseLong(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "a position must look like {clusterId}:{revision}", e);
        }
    }

    @JsonValue
    @Override
    public String toString() {
        return clusterId + ":" + revision;
    }
}
