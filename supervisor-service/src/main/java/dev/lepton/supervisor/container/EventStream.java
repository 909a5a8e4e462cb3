package dev.lepton.supervisor.container;

import dev.lepton.supervisor.supervision.EventLoop;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the engine's events, and goes on after a cut where it was. Belongs to a loop. */
final class EventStream implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EventStream.class);
    private static final Duration AGAIN = Duration.ofSeconds(1);

    /** Those of several containers are not told quite in the order of their time. */
    private static final Duration OVERLAP = Duration.ofSeconds(2);

    private final Engine engine;
    private final EventLoop loop;
    private final Consumer<EngineEvent> told;
    private Instant since;

    /** What was told within the overlap, which is told again after a cut. */
    private final Set<EngineEvent> lately = new HashSet<>();

    private int streams;
    private @Nullable Closeable open;

    /**
     * @param since what happened from then on is told
     */
    EventStream(Engine engine, EventLoop loop, Instant since, Consumer<EngineEvent> told) {
        this.engine = engine;
        this.loop = loop;
        this.since = since;
        this.told = told;
    }

    /** Follows them unless they are followed already. */
    void open(@Nullable String project) {
        if (open != null) {
            return;
        }
        int stream = ++streams;
        try {
            open =
                    engine.follow(
                            project,
                            since,
                            event -> loop.execute(() -> tell(stream, event)),
                            () -> loop.execute(() -> over(stream, project)));
        } catch (EngineAway e) {
            log.debug("the events are not followed: {}", e.getMessage());
            again(project);
        }
    }

    private void tell(int stream, EngineEvent event) {
        if (stream == streams && lately.add(event)) {
            since = event.at().minus(OVERLAP);
            lately.removeIf(earlier -> earlier.at().isBefore(since));
            told.accept(event);
        }
    }

    private void over(int stream, @Nullable String project) {
        if (stream == streams && open != null) {
            close();
            again(project);
        }
    }

    private void again(@Nullable String project) {
        loop.schedule(AGAIN, () -> open(project));
    }

    @Override
    public void close() {
        Closeable closing = open;
        open = null;
        streams++;
        if (closing != null) {
            try {
                closing.close();
            } catch (IOException e) {
                log.debug("the stream of events was not closed in order: {}", e.toString());
            }
        }
    }
}
