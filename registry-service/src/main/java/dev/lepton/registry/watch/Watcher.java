package dev.lepton.registry.watch;

import dev.lepton.client.watch.Position;

/** One client's place in the changes; guarded by the {@link WatchHub}. */
final class Watcher {

    private final long generation;
    private final String clusterId;
    private long revision;
    private long end;
    private boolean slow;

    /**
     * @param generation that of the hub before the watcher's list was taken
     * @param revision the last change that the client has
     * @param end how many bytes of changes there were up to and with it
     */
    Watcher(long generation, String clusterId, long revision, long end) {
        this.generation = generation;
        this.clusterId = clusterId;
        this.revision = revision;
        this.end = end;
    }

    long generation() {
        return generation;
    }

    long revision() {
        return revision;
    }

    long end() {
        return end;
    }

    Position position() {
        return new Position(clusterId, revision);
    }

    void sent(long upTo, long bytesUpTo) {
        revision = upTo;
        end = bytesUpTo;
    }

    boolean isSlow() {
        return slow;
    }

    void foundSlow() {
        slow = true;
    }
}
