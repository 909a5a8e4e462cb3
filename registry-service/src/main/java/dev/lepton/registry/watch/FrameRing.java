package dev.lepton.registry.watch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The most recent changes, without a gap; the oldest make room for new ones. Not thread-safe. */
final class FrameRing {

    private final WatchLimits limits;
    private final @Nullable Frame[] frames;
    private long first = 1;
    private long last;
    private long end;
    private long dropped;

    FrameRing(WatchLimits limits) {
        this.limits = limits;
        this.frames = new Frame[limits.changes()];
    }

    /** Forgets everything; the next change to come is {@code revision + 1}. */
    void reset(long revision) {
        Arrays.fill(frames, null);
        first = revision + 1;
        last = revision;
        dropped = end;
    }

    /**
     * @throws IllegalArgumentException when it is not the next one
     */
    void append(long revision, byte[] bytes) {
        if (revision != last + 1) {
            throw new IllegalArgumentException(
                    "change %d cannot follow %d".formatted(revision, last));
        }
        if (last - first + 1 == frames.length) {
            dropFirst();
        }
        end += bytes.length;
        last = revision;
        frames[slot(revision)] = new Frame(revision, bytes, end);
        while (end - dropped > limits.bytes() && first < last) {
            dropFirst();
        }
    }

    private void dropFirst() {
        Frame oldest = frames[slot(first)];
        if (oldest != null) {
            dropped = oldest.end();
        }
        frames[slot(first)] = null;
        first++;
    }

    /** The last change, or the revision at which the ring was reset. */
    long last() {
        return last;
    }

    /** How many bytes of changes there were up to and with the last one. */
    long end() {
        return end;
    }

    int size() {
        return (int) (last - first + 1);
    }

    long bytes() {
        return end - dropped;
    }

    /** Whether all that follows a revision is here, or is still to come. */
    boolean continues(long revision) {
        return revision + 1 >= first;
    }

    /** How many bytes of changes there were up to and with a revision that the ring continues. */
    long endOf(long revision) {
        if (revision >= last) {
            return end;
        }
        Frame frame = revision < first ? null : frames[slot(revision)];
        return frame == null ? dropped : frame.end();
    }

    /** Up to {@code most} changes after a revision that the ring continues. */
    List<Frame> after(long revision, int most) {
        List<Frame> found = new ArrayList<>();
        for (long r = revision + 1; r <= last && found.size() < most; r++) {
            Frame frame = frames[slot(r)];
            if (frame != null) {
                found.add(frame);
            }
        }
        return found;
    }

    private int slot(long revision) {
        return (int) (revision % frames.length);
    }
}
