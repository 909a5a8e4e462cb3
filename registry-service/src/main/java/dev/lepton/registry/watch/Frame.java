package dev.lepton.registry.watch;

import org.jspecify.annotations.Nullable;

/** A change as it goes over the wire, encoded once and shared by all watchers. */
final class Frame {

    private final long revision;
    private final byte[] bytes;
    private final long end;
    private volatile byte @Nullable [] deflated;

    /**
     * @param end how many bytes of changes there are up to and with this one
     */
    Frame(long revision, byte[] bytes, long end) {
        this.revision = revision;
        this.bytes = bytes;
        this.end = end;
    }

    long revision() {
        return revision;
    }

    byte[] bytes() {
        return bytes;
    }

    /** As blocks of a gzip stream; made when the first watcher wants them so. */
    byte[] deflated() {
        byte[] made = deflated;
        if (made == null) {
            made = DeflatedBlocks.of(bytes);
            deflated = made;
        }
        return made;
    }

    long end() {
        return end;
    }
}
