package dev.lepton.registry.watch;

import dev.lepton.client.watch.Position;
import dev.lepton.registry.fleet.FleetView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the fleet once for all who ask at a time: one list is made at once, and whoever asks
 * meanwhile shares the next one. So nobody is given a list older than its question, and a herd of
 * watchers costs two lists.
 */
final class SharedLists {

    private final Supplier<FleetView.Picture> fleet;
    private final Supplier<Position> position;
    private final ReentrantLock pending = new ReentrantLock();
    private final ReentrantLock press = new ReentrantLock();
    private @Nullable CompletableFuture<EncodedList> next;
    private volatile @Nullable EncodedList newest;

    SharedLists(FleetView fleet) {
        this(fleet::picture, fleet::position);
    }

    SharedLists(Supplier<FleetView.Picture> fleet, Supplier<Position> position) {
        this.fleet = fleet;
        this.position = position;
    }

    /** The fleet as it is at a position that is not older than this call. */
    EncodedList current() {
        EncodedList made = newest;
        if (made != null && made.position().equals(position.get())) {
            return made;
        }
        CompletableFuture<EncodedList> mine = new CompletableFuture<>();
        CompletableFuture<EncodedList> shared = joined(mine);
        if (shared == mine) {
            make(mine);
        }
        try {
            return shared.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private CompletableFuture<EncodedList> joined(CompletableFuture<EncodedList> mine) {
        pending.lock();
        try {
            CompletableFuture<EncodedList> waiting = next;
            if (waiting == null) {
                next = mine;
                return mine;
            }
            return waiting;
        } finally {
            pending.unlock();
        }
    }

    private void make(CompletableFuture<EncodedList> mine) {
        press.lock();
        try {
            closeToMore();
            EncodedList made = encoded(fleet.get());
            newest = made;
            mine.complete(made);
        } catch (IOException e) {
            mine.completeExceptionally(new UncheckedIOException(e));
        } catch (RuntimeException | Error e) {
            // Whoever shares the list is waiting for this answer.
            mine.completeExceptionally(e);
        } finally {
            press.unlock();
        }
    }

    /** The picture is about to be taken: who asks from now on shares the one after. */
    private void closeToMore() {
        pending.lock();
        try {
            next = null;
        } finally {
            pending.unlock();
        }
    }

    private static EncodedList encoded(FleetView.Picture picture) throws IOException {
        return new EncodedList(
                picture.position(), DeflatedBlocks.of(out -> WatchFrames.list(picture, out)));
    }
}
