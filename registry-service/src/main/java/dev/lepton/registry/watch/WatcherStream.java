package dev.lepton.registry.watch;

import dev.lepton.registry.fleet.FleetView;
import dev.lepton.registry.time.NanoClock;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Writes to one client what the hub has for it, with a bookmark each second. */
final class WatcherStream implements AutoCloseable {

    private static final long BOOKMARK_NANOS = Duration.ofSeconds(1).toNanos();

    private final WatchHub hub;
    private final Watcher watcher;
    private final FleetView fleet;
    private final NanoClock clock;
    private final WatchOutput out;
    private long bookmarkedAt;

    WatcherStream(
            WatchHub hub, Watcher watcher, FleetView fleet, NanoClock clock, WatchOutput out) {
        this.hub = hub;
        this.watcher = watcher;
        this.fleet = fleet;
        this.clock = clock;
        this.out = out;
    }

    void run() throws IOException, InterruptedException {
        bookmark();
        while (true) {
            long untilBookmark = bookmarkedAt + BOOKMARK_NANOS - clock.nanos();
            switch (hub.next(watcher, untilBookmark)) {
                case WatchHub.Next.Send(var frames) -> {
                    for (Frame frame : frames) {
                        out.change(frame);
                    }
                    if (!frames.isEmpty()) {
                        out.flush();
                        hub.sent(watcher, frames);
                        LockSupport.parkNanos(hub.paceNanos());
                    }
                    if (clock.nanos() - bookmarkedAt >= BOOKMARK_NANOS) {
                        bookmark();
                    }
                }
                case WatchHub.Next.Gone(var reason) -> {
                    out.word(WatchFrames.gone(reason));
                    out.flush();
                    return;
                }
                case WatchHub.Next.End(var reason) -> {
                    out.word(WatchFrames.closed(reason));
                    out.flush();
                    return;
                }
            }
        }
    }

    private void bookmark() throws IOException {
        bookmarkedAt = clock.nanos();
        out.word(WatchFrames.bookmark(watcher.position(), fleet.age().toMillis()));
        out.flush();
    }

    @Override
    public void close() {
        hub.leave(watcher);
    }
}
