package dev.lepton.registry.watch;

import dev.lepton.client.watch.Change;
import dev.lepton.client.watch.FleetList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one client saw in one request of the watch, in order.
 *
 * @param since the revision that was asked for, null for a list
 */
public record Session(String client, @Nullable Long since, List<Seen> seen) {

    /** A frame. */
    public sealed interface Seen {}

    public record SeenList(long revision, FleetList list) implements Seen {}

    public record SeenChange(long revision, Change change) implements Seen {}

    public record SeenBookmark(long revision, long ageMillis) implements Seen {}

    public record SeenGone(String reason) implements Seen {}

    public record SeenClosed(String reason) implements Seen {}

    /** Where the session begins; null when it ended before its list came. */
    @Nullable Long start() {
        if (since != null) {
            return since;
        }
        return seen.stream()
                .filter(SeenList.class::isInstance)
                .map(s -> ((SeenList) s).revision())
                .findFirst()
                .orElse(null);
    }

    List<SeenChange> changes() {
        return seen.stream()
                .filter(SeenChange.class::isInstance)
                .map(SeenChange.class::cast)
                .toList();
    }

    /** The furthest position that the session reached; its start when it saw nothing. */
    long end() {
        long end = start() == null ? 0 : start();
        for (Seen one : seen) {
            switch (one) {
                case SeenChange(var revision, var change) -> end = Math.max(end, revision);
                case SeenBookmark(var revision, var ageMillis) -> end = Math.max(end, revision);
                case SeenList(var revision, var list) -> end = Math.max(end, revision);
                case SeenGone(var reason) -> {}
                case SeenClosed(var reason) -> {}
            }
        }
        return end;
    }

    @Override
    public String toString() {
        return client + " since " + since;
    }
}
