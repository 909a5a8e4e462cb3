package dev.lepton.registry.simulation.postgres;

import static dev.lepton.registry.simulation.kernel.Spans.MICRO;
import static dev.lepton.registry.simulation.kernel.Spans.MILLI;
import static dev.lepton.registry.simulation.kernel.Spans.SECOND;

import dev.lepton.registry.simulation.kernel.Agenda;
import dev.lepton.registry.simulation.kernel.Life;
import dev.lepton.registry.simulation.kernel.Network;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The way of one replica to PostgreSQL. As with TCP, what a cut holds up is sent again until it
 * arrives: a statement may run long after its caller has given it up, or has ended.
 */
public final class Connection {

    private static final long PATIENCE = 5 * SECOND;
    private static final long FIRST_RETRY = 200 * MILLI;
    private static final int RETRIES = 7;

    private final Agenda agenda;
    private final Network network;
    private final Server server;
    private final RandomGenerator random;
    private final String place;
    private final Life life;

    /**
     * @param life of the process that asks
     */
    public Connection(
            Agenda agenda,
            Network network,
            Server server,
            RandomGenerator random,
            String place,
            Life life) {
        this.agenda = agenda;
        this.network = network;
        this.server = server;
        this.random = random;
        this.place = place;
        this.life = life;
    }

    /**
     * Runs a statement.
     *
     * @param answered told once: null when nothing is known of what became of it
     */
    public <T> void ask(Supplier<T> statement, Consumer<@Nullable T> answered) {
        Answer<T> answer = new Answer<>(answered);
        life.in(PATIENCE, () -> answer.settle(null));
        carry(
                place,
                Server.PLACE,
                0,
                () -> {
                    if (server.down()) {
                        agenda.in(latency(), () -> life.act(() -> answer.settle(null)));
                        return;
                    }
                    long crashes = server.crashes();
                    server.arrive(() -> run(statement, answer, crashes));
                });
    }

    private <T> void run(Supplier<T> statement, Answer<T> answer, long crashes) {
        T result = statement.get();
        carry(
                Server.PLACE,
                place,
                0,
                () -> life.act(() -> answer.settle(server.crashes() == crashes ? result : null)));
    }

    private void carry(String from, String to, int attempt, Runnable delivery) {
        if (!network.isCut(from, to)) {
            agenda.in(latency(), delivery);
        } else if (attempt < RETRIES) {
            agenda.in(FIRST_RETRY << attempt, () -> carry(from, to, attempt + 1, delivery));
        }
    }

    private long latency() {
        return 100 * MICRO + random.nextLong(random.nextInt(50) == 0 ? 40 * MILLI : 2 * MILLI);
    }

    private static final class Answer<T> {

        private final Consumer<@Nullable T> answered;
        private boolean settled;

        private Answer(Consumer<@Nullable T> answered) {
            this.answered = answered;
        }

        private void settle(@Nullable T result) {
            if (!settled) {
                settled = true;
                answered.accept(result);
            }
        }
    }
}
