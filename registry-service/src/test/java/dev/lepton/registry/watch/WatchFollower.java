package dev.lepton.registry.watch;

import dev.lepton.client.watch.Position;
import dev.lepton.registry.watch.Session.Seen;
import dev.lepton.registry.watch.Session.SeenClosed;
import dev.lepton.registry.watch.Session.SeenGone;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * A client that follows the watch, hangs up at random, comes back at a random replica and position
 * that it has seen, and records it all.
 */
final class WatchFollower implements Runnable {

    private final String name;
    private final List<Replica> replicas;
    private final Random random;
    private final List<Session> sessions = new ArrayList<>();
    private final List<Position> positions = new ArrayList<>();
    private final ConcurrentLinkedQueue<String> refusals = new ConcurrentLinkedQueue<>();
    private volatile long reached;
    private volatile long finish = Long.MAX_VALUE;
    private volatile boolean stopped;

    WatchFollower(String name, List<Replica> replicas, long seed) {
        this.name = name;
        this.replicas = replicas;
        this.random = new Random(seed);
    }

    /** Ends when this revision is reached. */
    void finishAt(long revision) {
        finish = revision;
    }

    void stop() {
        stopped = true;
    }

    long reached() {
        return reached;
    }

    /** To be read after the end of the run. */
    List<Session> sessions() {
        return sessions;
    }

    ConcurrentLinkedQueue<String> refusals() {
        return refusals;
    }

    @Override
    public void run() {
        while (!stopped && reached < finish) {
            Position since = choose();
            Replica replica = replicas.get(random.nextInt(replicas.size()));
            try (WatchClient client = WatchClient.open(replica, since)) {
                if (client.status() == 200) {
                    follow(client, since);
                } else {
                    refusals.add(client.status() + " for " + since);
                    positions.remove(since);
                }
            } catch (IOException e) {
                refusals.add(e.toString());
            }
        }
    }

    private @Nullable Position choose() {
        return switch (random.nextInt(4)) {
            case 0 -> null;
            case 1 -> positions.isEmpty() ? null : positions.get(random.nextInt(positions.size()));
            default -> positions.isEmpty() ? null : positions.getLast();
        };
    }

    private void follow(WatchClient client, @Nullable Position since) throws IOException {
        int frames = 1 + random.nextInt(600);
        List<Seen> seen = new ArrayList<>();
        Session session = new Session(name, since == null ? null : since.revision(), seen);
        sessions.add(session);
        for (int i = 0; i < frames || finish != Long.MAX_VALUE; i++) {
            WatchClient.Received received = client.next();
            if (received == null) {
                return;
            }
            seen.add(received.seen());
            if (received.seen() instanceof SeenGone) {
                positions.clear();
                return;
            }
            if (received.seen() instanceof SeenClosed) {
                return;
            }
            positions.add(received.position());
            reached = Math.max(reached, received.position().revision());
            if (stopped || received.position().revision() >= finish) {
                return;
            }
        }
    }
}
