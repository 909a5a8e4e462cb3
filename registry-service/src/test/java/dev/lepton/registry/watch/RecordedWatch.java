package dev.lepton.registry.watch;

import dev.lepton.client.watch.Change;
import dev.lepton.client.watch.Position;
import dev.lepton.registry.support.RunningRegistry;
import dev.lepton.registry.watch.Session.Seen;
import dev.lepton.registry.watch.Session.SeenBookmark;
import dev.lepton.registry.watch.Session.SeenGone;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A client that follows a registry's watch as long as it can, and keeps all that it saw. */
public final class RecordedWatch implements AutoCloseable {

    /** That more is stored after the end is then no fault: it is another log that has it. */
    private static final String ANOTHER_HISTORY = "answers instead of";

    private final RunningRegistry registry;
    private final List<Session> sessions = new CopyOnWriteArrayList<>();
    private final Thread thread = Thread.ofVirtual().unstarted(this::run);
    private volatile @Nullable WatchClient client;
    private volatile @Nullable Position position;
    private volatile long ageMillis;
    private final AtomicInteger bookmarks = new AtomicInteger();
    private volatile boolean closed;

    private RecordedWatch(RunningRegistry registry) {
        this.registry = registry;
    }

    public static RecordedWatch of(RunningRegistry registry) {
        RecordedWatch watch = new RecordedWatch(registry);
        watch.thread.start();
        return watch;
    }

    /** How often it had to begin anew. */
    public int sessions() {
        return sessions.size();
    }

    public int bookmarks() {
        return bookmarks.get();
    }

    /** As the last bookmark tells it. */
    public long ageMillis() {
        return ageMillis;
    }

    /** 0 before the first frame. */
    public long revision() {
        Position known = position;
        return known == null ? 0 : known.revision();
    }

    /**
     * The promises of a watch that were broken, by name.
     *
     * @param log reads what is stored; asked after what was seen so far is settled
     */
    public Map<String, List<String>> violations(Callable<List<Change>> log) throws Exception {
        List<Session> soFar =
                sessions.stream()
                        .map(s -> new Session(s.client(), s.since(), List.copyOf(s.seen())))
                        .toList();
        return WatchValidators.violations(soFar, log.call());
    }

    private void run() {
        while (!closed) {
            Position since = position;
            try (WatchClient opened =
                    WatchClient.openUrl(
                            registry.uri("/v1/watch" + (since == null ? "" : "?since=" + since)),
                            "Authorization",
                            "Bearer " + registry.token())) {
                client = opened;
                if (opened.status() == 200) {
                    follow(opened, since);
                } else if (opened.status() == 410) {
                    position = null;
                }
            } catch (IOException | IllegalStateException e) {
                // The next session is the answer; that there is one is counted.
            }
        }
    }

    private void follow(WatchClient opened, @Nullable Position since) throws IOException {
        List<Seen> seen = new CopyOnWriteArrayList<>();
        sessions.add(new Session("watcher", since == null ? null : since.revision(), seen));
        for (var frame = opened.next(); frame != null; frame = opened.next()) {
            if (frame.seen() instanceof SeenGone(String reason)) {
                position = null;
                if (!reason.contains(ANOTHER_HISTORY)) {
                    seen.add(frame.seen());
                }
                return;
            }
            seen.add(frame.seen());
            position = frame.position();
            if (frame.seen() instanceof SeenBookmark(var revision, var age)) {
                ageMillis = age;
                bookmarks.incrementAndGet();
            }
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        WatchClient last = client;
        if (last != null) {
            last.close();
        }
        try {
            thread.join(5000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
