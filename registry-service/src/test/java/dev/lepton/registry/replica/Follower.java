package dev.lepton.registry.replica;

import dev.lepton.client.rest.BearerToken;
import dev.lepton.client.watch.Position;
import dev.lepton.registry.watch.Session;
import dev.lepton.registry.watch.Session.Seen;
import dev.lepton.registry.watch.Session.SeenBookmark;
import dev.lepton.registry.watch.Session.SeenClosed;
import dev.lepton.registry.watch.Session.SeenGone;
import dev.lepton.registry.watch.Session.SeenList;
import dev.lepton.registry.watch.WatchClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Follows the watch as the protocol asks: where it was, at the next URL after an end, 3 s of
 * silence or a view older than 5 s; and records all frames for the validators.
 */
final class Follower implements AutoCloseable {

    private static final Duration SILENCE = Duration.ofSeconds(3);
    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final long OLDEST_MILLIS = 5_000;

    private final String name;
    private final List<URI> replicas;
    private final BearerToken token;
    private final LongSupplier nanos;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT)
                    .build();
    private final List<Session> sessions = new CopyOnWriteArrayList<>();
    private final Thread thread = Thread.ofPlatform().daemon().unstarted(this::run);
    private final Thread watchdog = Thread.ofPlatform().daemon().unstarted(this::watch);
    private @Nullable Position position;
    private volatile long reached;
    private volatile long heard;
    private volatile @Nullable WatchClient open;
    private volatile int next;
    private volatile boolean closed;

    Follower(String name, List<URI> replicas, BearerToken token, LongSupplier nanos) {
        this.name = name;
        this.replicas = replicas;
        this.token = token;
        this.nanos = nanos;
        this.heard = nanos.getAsLong();
    }

    void start() {
        thread.start();
        watchdog.start();
    }

    /** Hangs up and goes on at this replica. */
    void moveTo(int index) throws IOException {
        next = index;
        WatchClient client = open;
        if (client != null) {
            client.close();
        }
    }

    /** The last revision that it knows. */
    long reached() {
        return reached;
    }

    /** What it saw, in each of its requests. */
    List<Session> sessions() {
        return List.copyOf(sessions);
    }

    private void run() {
        while (!closed) {
            int index = next;
            next = (index + 1) % replicas.size();
            try (WatchClient client = opened(replicas.get(index))) {
                open = client;
                follow(client);
            } catch (IOException | TimeoutException e) {
                // The next URL.
                continue;
            } catch (InterruptedException e) {
                return;
            } finally {
                open = null;
            }
        }
    }

    private WatchClient opened(URI replica)
            throws IOException, TimeoutException, InterruptedException {
        Position since = position;
        HttpRequest request =
                HttpRequest.newBuilder(
                                URI.create(
                                        replica
                                                + "/v1/watch"
                                                + (since == null ? "" : "?since=" + since)))
                        .header("Authorization", token.header())
                        .build();
        CompletableFuture<HttpResponse<InputStream>> answer =
                http.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream());
        try {
            WatchClient client =
                    WatchClient.of(answer.get(SILENCE.toMillis(), TimeUnit.MILLISECONDS));
            if (client.status() != 200) {
                throw new IOException(replica + " answered " + client.status());
            }
            return client;
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    private void follow(WatchClient client) throws IOException {
        Position since = position;
        List<Seen> seen = new CopyOnWriteArrayList<>();
        sessions.add(new Session(name, since == null ? null : since.revision(), seen));
        heard = nanos.getAsLong();
        while (!closed) {
            WatchClient.Received received = client.next();
            heard = nanos.getAsLong();
            if (received == null) {
                return;
            }
            seen.add(received.seen());
            if (received.seen() instanceof SeenGone) {
                position = null;
                return;
            }
            if (received.seen() instanceof SeenClosed) {
                // It goes on elsewhere, from where it was.
                return;
            }
            position = received.position();
            reached = position.revision();
            if (received.seen() instanceof SeenBookmark(var _, long age) && age > OLDEST_MILLIS) {
                return;
            }
        }
    }

    private void watch() {
        while (!closed) {
            try {
                thread.join(Duration.ofMillis(200));
                WatchClient client = open;
                if (client != null && nanos.getAsLong() - heard > SILENCE.toNanos()) {
                    client.close();
                }
            } catch (IOException e) {
                // It was being closed anyway.
                continue;
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** How often it had to begin with a list. */
    long lists() {
        return sessions.stream()
                .flatMap(session -> session.seen().stream())
                .filter(SeenList.class::isInstance)
                .count();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        WatchClient client = open;
        if (client != null) {
            client.close();
        }
        thread.interrupt();
        watchdog.interrupt();
        http.shutdownNow();
    }
}
